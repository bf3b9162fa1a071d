/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cert/certificate.h"
#include "ui/page.h"

G_BEGIN_DECLS

/* What was opened and can be taken over.  Only read. */
typedef struct {
  const char *from;                  /* who it is from, or whose it is */
  const char *note;                  /* what is known of that */
  gboolean verified;                 /* that much is certain */
  const char *address;               /* the mail addresses */
  SignetCertificate *signing;        /* for new mail; or NULL */
  SignetCertificate *encryption;     /* likewise */
  guint n_older;                     /* more encryption keys */
  const char *server;                /* that it came from; or NULL */
  const char *warning;               /* what the user had better know; or NULL */
} SignetOffered;

/* What a reply or a file brings: from whom, for which address, which keys. */
#define SIGNET_TYPE_INSTALL_OFFER_PAGE (signet_install_offer_page_get_type ())
G_DECLARE_FINAL_TYPE (SignetInstallOfferPage, signet_install_offer_page, SIGNET, INSTALL_OFFER_PAGE, SignetPage)

void signet_install_offer_page_show (SignetInstallOfferPage *self, const SignetOffered *offered);

G_END_DECLS
