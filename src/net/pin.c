/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "net/pin.h"

#include "base/hex.h"
#include "base/limits.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

/* A GTlsDatabase, and not a handler of accept-certificate: so "no" is the default, and the verdict stands in the
 * connection's certificate errors, where http.c looks at it again before it sends anything. */
struct _SignetPinDatabase {
  GTlsDatabase parent;
  GBytes *pin;
};

G_DEFINE_TYPE (SignetPinDatabase, signet_pin_database, G_TYPE_TLS_DATABASE)

/* From the server's own certificate up, each one issued by name by the next. */
typedef struct {
  gnutls_x509_crt_t certificates[SIGNET_MAX_CHAIN];
  guint length;
} Chain;

static void
chain_clear (Chain *chain)
{
  for (guint i = 0; i < chain->length; i++)
    gnutls_x509_crt_deinit (chain->certificates[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Chain, chain_clear)

static gboolean
chain_add (Chain *chain, GTlsCertificate *certificate)
{
  g_autoptr (GByteArray) der = NULL;
  gnutls_datum_t data;

  g_object_get (certificate, "certificate", &der, NULL);
  if (chain->length == SIGNET_MAX_CHAIN || der == NULL || der->len > SIGNET_MAX_CERTIFICATE ||
      gnutls_x509_crt_init (&chain->certificates[chain->length]) < 0)
    return FALSE;
  data = (gnutls_datum_t) { der->data, der->len };
  return gnutls_x509_crt_import (chain->certificates[chain->length++], &data, GNUTLS_X509_FMT_DER) == 0;
}

/* What is not linked to the server's certificate is left out by GIO: it could not help it. */
static gboolean
chain_read (Chain *chain, GTlsCertificate *certificate)
{
  for (; certificate != NULL; certificate = g_tls_certificate_get_issuer (certificate))
    if (!chain_add (chain, certificate))
      return FALSE;
  return TRUE;
}

static gboolean
has_pin (gnutls_x509_crt_t certificate, GBytes *pin)
{
  guint8 digest[32];
  size_t length = sizeof digest;

  return gnutls_x509_crt_get_key_id (certificate, GNUTLS_KEYID_USE_SHA256, digest, &length) == 0 &&
         g_bytes_get_size (pin) == length && memcmp (g_bytes_get_data (pin, NULL), digest, length) == 0;
}

/* The place of the pinned certificate above the server's own; or 0. */
static guint
find_anchor (const Chain *chain, GBytes *pin)
{
  for (guint i = 1; i < chain->length; i++)
    if (has_pin (chain->certificates[i], pin))
      return i;
  return 0;
}

static GTlsCertificateFlags
convert_status (unsigned int status)
{
  unsigned int named = GNUTLS_CERT_EXPIRED | GNUTLS_CERT_NOT_ACTIVATED | GNUTLS_CERT_UNEXPECTED_OWNER;
  GTlsCertificateFlags flags = 0;

  if (status & GNUTLS_CERT_EXPIRED)
    flags |= G_TLS_CERTIFICATE_EXPIRED;
  if (status & GNUTLS_CERT_NOT_ACTIVATED)
    flags |= G_TLS_CERTIFICATE_NOT_ACTIVATED;
  if (status & GNUTLS_CERT_UNEXPECTED_OWNER)
    flags |= G_TLS_CERTIFICATE_BAD_IDENTITY;
  if ((status & ~(named | GNUTLS_CERT_INVALID)) != 0 || (status != 0 && flags == 0))
    flags |= G_TLS_CERTIFICATE_UNKNOWN_CA;
  return flags;
}

/* The path from the server's certificate to the one at ANCHOR, which alone is trusted.  Dates and CA constraints hold
 * for the anchor too, and nothing of less than 112 bits of strength (SHA-1, RSA below 2048) stands in the path. */
static GTlsCertificateFlags
verify_path (Chain *chain, guint anchor, const char *host)
{
  gnutls_typed_vdata_st wanted[] = {
    { GNUTLS_DT_KEY_PURPOSE_OID, (unsigned char *) GNUTLS_KP_TLS_WWW_SERVER, 0 },
    { GNUTLS_DT_DNS_HOSTNAME, (unsigned char *) host, 0 },        /* or an address, as text */
  };
  gnutls_x509_trust_list_t list;
  unsigned int status = 0;

  if (gnutls_x509_trust_list_init (&list, 0) < 0)
    return G_TLS_CERTIFICATE_GENERIC_ERROR;
  gboolean checked = gnutls_x509_trust_list_add_cas (list, &chain->certificates[anchor], 1, 0) == 1 &&
                     gnutls_x509_trust_list_verify_crt2 (list, chain->certificates, anchor, wanted,
                                                         G_N_ELEMENTS (wanted),
                                                         GNUTLS_PROFILE_TO_VFLAGS (GNUTLS_PROFILE_MEDIUM),
                                                         &status, NULL) == 0;
  gnutls_x509_trust_list_deinit (list, 0);
  return checked ? convert_status (status) : G_TLS_CERTIFICATE_GENERIC_ERROR;
}

static GTlsCertificateFlags
signet_pin_database_verify_chain (GTlsDatabase *database, GTlsCertificate *certificate, const char *purpose,
                                  GSocketConnectable *identity, GTlsInteraction *interaction,
                                  GTlsDatabaseVerifyFlags flags, GCancellable *cancellable, GError **error)
{
  SignetPinDatabase *self = SIGNET_PIN_DATABASE (database);
  g_auto (Chain) chain = { .length = 0 };

  if (!G_IS_NETWORK_ADDRESS (identity) || !chain_read (&chain, certificate))
    return G_TLS_CERTIFICATE_GENERIC_ERROR;

  guint anchor = find_anchor (&chain, self->pin);
  if (anchor == 0)
    return G_TLS_CERTIFICATE_UNKNOWN_CA;
  return verify_path (&chain, anchor, g_network_address_get_hostname (G_NETWORK_ADDRESS (identity)));
}

static void
signet_pin_database_finalize (GObject *object)
{
  g_bytes_unref (SIGNET_PIN_DATABASE (object)->pin);
  G_OBJECT_CLASS (signet_pin_database_parent_class)->finalize (object);
}

static void
signet_pin_database_class_init (SignetPinDatabaseClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = signet_pin_database_finalize;
  G_TLS_DATABASE_CLASS (klass)->verify_chain = signet_pin_database_verify_chain;
}

static void
signet_pin_database_init (SignetPinDatabase *self)
{
}

GTlsDatabase *
signet_pin_database_new (GBytes *pin)
{
  SignetPinDatabase *self = g_object_new (SIGNET_TYPE_PIN_DATABASE, NULL);

  self->pin = g_bytes_ref (pin);
  return G_TLS_DATABASE (self);
}
