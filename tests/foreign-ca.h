/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/error.h"
#include "cert/revocation.h"
#include "foreign.h"

#include <string.h>

/* A CA of openssl's in foreign.h's folder: ca.pem and ca.key, the certificates that it has issued, its list of
 * revoked ones and its OCSP answers.  Serial numbers are four hexadecimal digits. */

#define FOREIGN_EC "-newkey ec -pkeyopt ec_paramgen_curve:P-256"
#define FOREIGN_CA_EXTENSIONS "basicConstraints=critical,CA:TRUE\nsubjectKeyIdentifier=hash\n" \
  "keyUsage=critical,keyCertSign,cRLSign\n"
#define FOREIGN_LEAF_EXTENSIONS "basicConstraints=critical,CA:FALSE\nsubjectKeyIdentifier=hash\n" \
  "authorityKeyIdentifier=keyid\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=emailProtection\n"
#define FOREIGN_RESPONDER_EXTENSIONS "basicConstraints=critical,CA:FALSE\nsubjectKeyIdentifier=hash\n" \
  "authorityKeyIdentifier=keyid\nkeyUsage=critical,digitalSignature\n"
#define FOREIGN_MAY_ANSWER "extendedKeyUsage=OCSPSigning\n"

/* NAME.pem and NAME.key of SUBJECT by ISSUER, or by itself when that is NULL. */
static inline void
foreign_issue (const char *name, const char *issuer, const char *subject, const char *serial, const char *extensions,
               int days)
{
  g_autofree char *file = g_strconcat (name, ".config", NULL);
  g_autofree char *config = g_strconcat ("[req]\ndistinguished_name=dn\nx509_extensions=ext\n[dn]\n[ext]\n", extensions,
                                         NULL);
  g_autofree char *signing = issuer != NULL ? g_strdup_printf ("-CA %s.pem -CAkey %s.key", issuer, issuer)
                                            : g_strdup ("");

  foreign_write (file, config, strlen (config));
  g_autoptr (GBytes) none = foreign_shell (
    "openssl req -x509 -config %s " FOREIGN_EC " -nodes -keyout %s.key -subj /CN=%s -set_serial 0x%s -days %d %s "
    "-out %s.pem", file, name, subject, serial, days, signing, name);
}

static inline SignetCertificate *
foreign_certificate (const char *name)
{
  g_autoptr (GBytes) der = foreign_shell ("openssl x509 -in %s.pem -outform DER", name);
  g_autoptr (GError) error = NULL;
  SignetCertificate *certificate = signet_certificate_new (der, &error);

  g_assert_no_error (error);
  return certificate;
}

/* What `openssl ca` and `openssl ocsp` know: serials and reasons, "1002 keyCompromise", of what was revoked on
 * 2 January 2026, separated by commas; and those that are good. */
static inline void
foreign_write_index (const char *good, const char *revoked)
{
  g_autoptr (GString) index = g_string_new (NULL);
  g_auto (GStrv) lost = g_strsplit (revoked, ",", -1), kept = g_strsplit (good, ",", -1);

  for (guint i = 0; lost[i] != NULL; i++) {
    g_auto (GStrv) words = g_strsplit (lost[i], " ", 2);
    if (words[0] != NULL)
      g_string_append_printf (index, "R\t391231235959Z\t260102030405Z%s%s\t%s\tunknown\t/CN=x%s\n",
                              words[1] != NULL ? "," : "", words[1] != NULL ? words[1] : "", words[0], words[0]);
  }
  for (guint i = 0; kept[i] != NULL; i++)
    g_string_append_printf (index, "V\t391231235959Z\t\t%s\tunknown\t/CN=x%s\n", kept[i], kept[i]);
  foreign_write ("index.txt", index->str, index->len);
  foreign_write ("index.txt.attr", "unique_subject = no\n", strlen ("unique_subject = no\n"));
}

/* The list of ISSUER, in list.pem too, with EXTENSIONS.  OPTIONS are of `openssl ca`. */
static inline GBytes *
foreign_make_crl (const char *issuer, const char *extensions, const char *options)
{
  g_autofree char *config = g_strconcat ("[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ncrlnumber=number.txt\n"
                                         "default_md=sha256\ncrl_extensions=e\n[e]\n", extensions, NULL);

  foreign_write ("list.config", config, strlen (config));
  foreign_write ("number.txt", "07\n", 3);
  return foreign_shell ("openssl ca -config list.config -gencrl -keyfile %s.key -cert %s.pem %s -out list.pem "
                        "-notext && openssl crl -in list.pem -outform DER", issuer, issuer, options);
}

static inline gint64
foreign_now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

/* 2 January 2026, 03:04:05 UTC: when index.txt says that certificates were revoked. */
#define FOREIGN_REVOKED G_GINT64_CONSTANT (1767323045)
