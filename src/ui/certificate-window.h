/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cert/certificate.h"

#include <handy.h>

G_BEGIN_DECLS

/* One certificate: what a person asks of it first, and all of it under Details. */
#define SIGNET_TYPE_CERTIFICATE_WINDOW (signet_certificate_window_get_type ())
G_DECLARE_FINAL_TYPE (SignetCertificateWindow, signet_certificate_window, SIGNET, CERTIFICATE_WINDOW, HdyWindow)

/* CHAIN: (element-type SignetCertificate), who issued CERTIFICATE, who issued that one, and so on; may be NULL.
 * PARENT may be NULL. */
SignetCertificateWindow *signet_certificate_window_new (GtkWindow *parent, SignetCertificate *certificate,
                                                        GPtrArray *chain);

/* CERTIFICATE is of an authority of the user's, ISSUERS (in any order) being that one and those above it: it is asked
 * in the background whether the certificate still counts.  A stranger's is asked only at a press of a button. */
void signet_certificate_window_trust (SignetCertificateWindow *self, GPtrArray *issuers);

/* Has gcr do now what it would do at the first look at details.  It adds a style sheet to the screen then, at which
 * GTK complains about each HdyExpanderRow that has been destroyed before (libhandy 1.8 leaves a style node of it
 * behind). */
void signet_certificate_window_prepare (void);

G_END_DECLS
