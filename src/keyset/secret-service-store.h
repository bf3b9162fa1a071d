/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "keyset/store.h"

G_BEGIN_DECLS

/* The store in the desktop's Secret Service (gnome-keyring, KWallet, KeePassXC): one item a blob in the default
 * collection.  Its attributes are its schema and id alone: the service replaces an item by equal attributes, so a fact that
 * may change has no place there, and attributes can be read without the user's password. */
#define SIGNET_TYPE_SECRET_SERVICE_STORE (signet_secret_service_store_get_type ())
G_DECLARE_FINAL_TYPE (SignetSecretServiceStore, signet_secret_service_store, SIGNET, SECRET_SERVICE_STORE, GObject)

/* Makes no connection yet. */
SignetStore *signet_secret_service_store_new (void);

G_END_DECLS
