/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cert/certificate.h"
#include "crypto/private-key.h"

G_BEGIN_DECLS

#define SIGNET_REPLY_MIME_TYPE "application/vnd.signet.reply"
#define SIGNET_REPLY_FILE_NAME "digital-id.signet-reply"

/* The authority's answer: AuthEnvelopedData to the reply key, around SignedData by the authority, around a
 * multipart/mixed of
 *   application/json        the manifest, see below
 *   application/pkcs7-mime  certs-only: the new signing certificate, the new encryption certificate, the chain, and
 *                           every certificate of the key history; which is which, the manifest says
 *   application/pkcs8       one for each encryption key, the current one first
 *
 * Manifest: { "signet-reply": 1, "request": "<id>", "request-digest": "<SHA-256 of the request's bytes, hex>",
 *   "nonce": "…", "address": "…", "authority": "Example Authority", "issued": <time>,
 *   "expires": <time; not to be installed after>, "signing": "<SHA-256 of its certificate, hex>",
 *   "encryption": ["<SHA-256 of the certificate of the first pkcs8 part>", "…of the second", …] }
 */
typedef struct {
  char *request_id;
  GBytes *request_digest;          /* 32 bytes */
  char *nonce;
  char *address;
  char *authority;                 /* the authority's name */
  gint64 issued, expires;
  SignetCertificate *signing;
  GPtrArray *encryption;           /* (element-type SignetCertificate), the current one first, then the key history */
  GPtrArray *encryption_keys;      /* (element-type SignetPrivateKey), one for each of these */
  GPtrArray *chain;                /* (element-type SignetCertificate): the issuing certificates, the root last */
} SignetReply;

SignetReply *signet_reply_new (void);
void signet_reply_free (SignetReply *self);

/* The attachment's bytes: signed by SIGNER with CERTIFICATE, locked to RECIPIENT_SPKI. */
GBytes *signet_reply_build (SignetReply *self, SignetPrivateKey *signer, SignetCertificate *certificate,
                            GBytes *recipient_spki, GError **error);

/* What the request that a reply must answer said, and whom it was sent to. */
typedef struct {
  const char *request_id;
  GBytes *request_digest;
  const char *nonce;
  const char *address;
  GBytes *signing_spki;
  GBytes *pin;                     /* of the authority's root */
} SignetReplyExpectation;

/* Opens the attachment's bytes with the reply key and accepts them only if everything holds, looked at in this order:
 *
 *   it is whole, and decrypts with the reply key           SIGNET_ERROR_NOT_FOR_US, _DAMAGED, _UNSUPPORTED, _TOO_LARGE
 *   its signature is good                                  _DAMAGED
 *   the signer chains to the pinned root at NOW            _UNTRUSTED, _EXPIRED
 *   the version; id, digest, nonce and address             _UNSUPPORTED, _NOT_FOR_US
 *   NOW is within its dates                                _EXPIRED
 *   the content, as follows                                _INVALID, _EXPIRED
 *
 * The signer is no person and no server: its certificate may sign and names no mail address.  The reply brings exactly
 * the certificates and keys that the manifest names, all of them for the address.  The signing certificate holds the
 * pending key and may sign; every private key fits its certificate, which may encrypt.  The signing and the current
 * encryption certificate chain to the root at NOW; of the key history neither dates nor chain count.
 * So DAMAGED means changed on its way, UNTRUSTED another authority, INVALID a mistake of the authority itself. */
SignetReply *signet_reply_open (GBytes *attachment, SignetPrivateKey *reply_key,
                                const SignetReplyExpectation *expected, gint64 now, GError **error);

/* --- the mail around it (RFC 5322) --- */

/* The whole message, CRLF lines: From FROM (display name AUTHORITY), To ADDRESS, a plain text that tells the user
 * what to do, and the attachment.  Message-ID is made from REQUEST_ID, so that the same reply is the same mail. */
GBytes *signet_reply_message_build (GBytes *attachment, const char *authority, const char *from, const char *address,
                                    const char *request_id, gint64 date, GError **error);

/* The attachment of what the user opened: a whole message (.eml, mbox's "From " line allowed, any nesting) or the
 * bare attachment (binary DER, or base64 as some mail programs save it).  SIGNET_ERROR_INVALID when there is none,
 * _TOO_LARGE. */
GBytes *signet_reply_message_extract (GBytes *message, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetReply, signet_reply_free)

G_END_DECLS
