/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "keyset/prompter.h"

G_BEGIN_DECLS

/* Stands between one use of a keyset and who asks the user, and keeps the password that was given last: a renewal needs
 * it a second time some seconds later, to seal what has come, and the user has entered it for that.  It is wiped with
 * the keeper. */
#define SIGNET_TYPE_PASSWORD_KEEPER (signet_password_keeper_get_type ())
G_DECLARE_FINAL_TYPE (SignetPasswordKeeper, signet_password_keeper, SIGNET, PASSWORD_KEEPER, GObject)

/* ASKER: NULL when there is nobody to be asked: then a use is consented to, because the user has said so once for all,
 * and a password is not to be had (G_IO_ERROR_CANCELLED). */
SignetPasswordKeeper *signet_password_keeper_new (SignetPrompter *asker);

/* Owned by SELF; NULL when none was asked for. */
SignetSecret *signet_password_keeper_get (SignetPasswordKeeper *self);

G_END_DECLS
