/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enroll/reply-offer.h"

struct _SignetReplyOffer {
  GObject parent_instance;

  SignetPending *pending;
  SignetReply *reply;
  GBytes *attachment;
};

G_DEFINE_TYPE (SignetReplyOffer, signet_reply_offer, G_TYPE_OBJECT)

static void
signet_reply_offer_finalize (GObject *object)
{
  SignetReplyOffer *self = SIGNET_REPLY_OFFER (object);

  g_object_unref (self->pending);
  signet_reply_free (self->reply);
  g_bytes_unref (self->attachment);
  G_OBJECT_CLASS (signet_reply_offer_parent_class)->finalize (object);
}

static void
signet_reply_offer_class_init (SignetReplyOfferClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = signet_reply_offer_finalize;
}

static void
signet_reply_offer_init (SignetReplyOffer *self)
{
}

SignetReplyOffer *
signet_reply_offer_new (SignetPending *pending, SignetReply *reply, GBytes *attachment)
{
  SignetReplyOffer *self = g_object_new (SIGNET_TYPE_REPLY_OFFER, NULL);

  self->pending = g_object_ref (pending);
  self->reply = reply;
  self->attachment = g_bytes_ref (attachment);
  return self;
}

SignetPending *
signet_reply_offer_get_pending (SignetReplyOffer *self)
{
  return self->pending;
}

const SignetReply *
signet_reply_offer_get_reply (SignetReplyOffer *self)
{
  return self->reply;
}

GBytes *
signet_reply_offer_get_attachment (SignetReplyOffer *self)
{
  return self->attachment;
}

const char *
signet_reply_offer_get_authority (SignetReplyOffer *self)
{
  return self->reply->authority;
}

const char *
signet_reply_offer_get_address (SignetReplyOffer *self)
{
  return self->reply->address;
}

const char *
signet_reply_offer_get_keyset_name (SignetReplyOffer *self)
{
  return signet_pending_get_keyset_name (self->pending);
}

guint
signet_reply_offer_count_history (SignetReplyOffer *self)
{
  return self->reply->encryption->len > 0 ? self->reply->encryption->len - 1 : 0;
}
