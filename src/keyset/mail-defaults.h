/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* What the algorithms of a message are chosen by.  In the order of their strength. */
typedef enum {
  SIGNET_DIGEST_AUTOMATIC,
  SIGNET_DIGEST_SHA256,
  SIGNET_DIGEST_SHA384,
  SIGNET_DIGEST_SHA512,
} SignetDigest;

typedef enum {
  SIGNET_CIPHER_AUTOMATIC,
  SIGNET_CIPHER_AES128_CBC,
  SIGNET_CIPHER_AES256_CBC,
  SIGNET_CIPHER_AES256_GCM,      /* no fixed choice: NSS before 3.99 and gpgsm before 2.3 cannot read it */
} SignetCipher;

/* "automatic", "sha256", "aes256-cbc": the word of the file and of the command line. */
const char *signet_digest_to_name (SignetDigest digest);
const char *signet_cipher_to_name (SignetCipher cipher);

/* FALSE for another word, and for what is no fixed choice because not every mail program reads it. */
gboolean signet_digest_from_name (const char *name, SignetDigest *digest);
gboolean signet_cipher_from_name (const char *name, SignetCipher *cipher);

/* How mail of one address is signed and encrypted as long as nobody says otherwise for a message.  A value. */
typedef struct {
  char *address;                 /* normalized (base/mail-address.h) */
  gboolean sign;
  gboolean encrypt;              /* whenever that is possible for every recipient */
  gboolean clear_text;           /* multipart/signed (RFC 8551 section 3.5.3), or else opaque SignedData (3.5.2) */
  char *signing_keyset;          /* the id of a keyset; NULL: automatic */
  char *encryption_keyset;
  SignetDigest digest;
  SignetCipher cipher;
} SignetMailDefaults;

#define SIGNET_TYPE_MAIL_DEFAULTS (signet_mail_defaults_get_type ())
GType signet_mail_defaults_get_type (void);

/* What holds before the user has said anything: sign, in clear text, encrypt nothing (who cannot open an encrypted
 * message on all of his devices yet would be surprised), all else automatic.  ADDRESS is normalized. */
SignetMailDefaults *signet_mail_defaults_new (const char *address);
SignetMailDefaults *signet_mail_defaults_copy (const SignetMailDefaults *self);
void signet_mail_defaults_free (SignetMailDefaults *self);
gboolean signet_mail_defaults_equal (const SignetMailDefaults *a, const SignetMailDefaults *b);

/* Sets one of the two keysets; ID NULL: automatic. */
void signet_mail_defaults_set_signing_keyset (SignetMailDefaults *self, const char *id);
void signet_mail_defaults_set_encryption_keyset (SignetMailDefaults *self, const char *id);

/* The text of a file with those in LIST (element-type SignetMailDefaults); and back again, strictly: at most
 * SIGNET_MAX_MAIL_DEFAULTS bytes, SIGNET_MAX_MAIL_ADDRESSES addresses, none twice, no word that is not known.
 * SIGNET_ERROR_TOO_LARGE, _INVALID, and _UNSUPPORTED for the file of a newer version. */
char *signet_mail_defaults_print (GPtrArray *list);
GPtrArray *signet_mail_defaults_parse (const char *text, gsize length, GError **error);

/* The one in LIST for that (normalized) address, owned by LIST; or NULL. */
SignetMailDefaults *signet_mail_defaults_find (GPtrArray *list, const char *address);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetMailDefaults, signet_mail_defaults_free)

G_END_DECLS
