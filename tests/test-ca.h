/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cert/certificate.h"
#include "crypto/private-key.h"

G_BEGIN_DECLS

/* An authority for unit tests: a root, an issuing certificate below it, and one that signs replies below that.  All
 * of P-256, made on the spot.  A mistake in here aborts. */
typedef struct _TestCa TestCa;

TestCa *test_ca_new (const char *name);
TestCa *test_ca_new_with_keys (const char *name, SignetPrivateKey *root, SignetPrivateKey *issuing,
                               SignetPrivateKey *speaker);
void test_ca_free (TestCa *self);

/* Owned by SELF. */
SignetCertificate *test_ca_get_root (TestCa *self);
SignetCertificate *test_ca_get_issuing (TestCa *self);
SignetPrivateKey *test_ca_get_issuing_key (TestCa *self);
SignetCertificate *test_ca_get_speaker (TestCa *self);          /* signs replies */
SignetPrivateKey *test_ca_get_speaker_key (TestCa *self);
GPtrArray *test_ca_get_chain (TestCa *self);                    /* the issuing certificate, the root */
GBytes *test_ca_get_pin (TestCa *self);                         /* SHA-256 of the root's SubjectPublicKeyInfo */

typedef enum {
  TEST_USE_SIGNING,
  TEST_USE_ENCRYPTION,
  TEST_USE_SPEAKING,        /* signs replies: no address, no extended key usage */
  TEST_USE_SERVER,          /* TLS */
  TEST_USE_CA,
} TestUse;

/* What a certificate is to say.  What is left out is as a good authority makes it. */
typedef struct {
  TestUse use;
  GBytes *spki;             /* whose key */
  const char *address;      /* rfc822Name; NULL: none */
  const char *name;         /* CN; NULL: the address */
  gint64 not_before;        /* seconds since 1970; 0: an hour ago by signet_clock_now() */
  gint64 not_after;         /* 0: a year from then */
  const char *purpose;      /* the OID of its extended key usage; NULL: as its use asks; "": none */
  gboolean by_root;         /* issued by the root itself */
} TestFacts;

SignetCertificate *test_ca_issue (TestCa *self, const TestFacts *facts);

/* The usual two. */
SignetCertificate *test_ca_issue_signing (TestCa *self, const char *address, SignetPrivateKey *key);
SignetCertificate *test_ca_issue_encryption (TestCa *self, const char *address, SignetPrivateKey *key);

/* SEQUENCE { TBS, AlgorithmIdentifier, BIT STRING }, signed by the issuing certificate's key. */
GBytes *test_ca_sign (TestCa *self, GBytes *tbs);

/* The issuing certificate's list: REVOKED (or NULL) was revoked at the time WHEN. */
GBytes *test_ca_make_crl (TestCa *self, SignetCertificate *revoked, gint64 when, gint64 this_update,
                          gint64 next_update);

/* The INDEXth key of ALGORITHM, made once in a process: RSA takes a second. */
SignetPrivateKey *test_key (SignetKeyAlgorithm algorithm, guint index);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestCa, test_ca_free)

G_END_DECLS
