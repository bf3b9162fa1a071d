/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyset/secret-service-store.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/i18n.h"
#include "keyset/secret-service.h"

/* On durability: gnome-keyring answers when an item lies on disk.  KWallet answers before that, and some services
 * have been seen to keep other bytes than they were given, so each put is read back and compared; what no client can
 * find out is whether KWallet's later write succeeds.
 *
 * Replacing an item is one write of gnome-keyring's, making one is two: a kill between them leaves an item without its
 * secret.  So a new item is a draft, which nobody lists, until it holds what it should; then one write of its
 * attributes makes it what it is. */

#define PATIENCE (20 * 1000)
#define OLD_DRAFT 600 /* seconds: nobody is still at work on it */
#define DRAFT (SIGNET_ITEM_PENDING + 1)
#define BATCH 64      /* items asked for at once: of the largest size they still fit into one message of the bus */

struct _SignetSecretServiceStore {
  GObject parent;
  guint patience;
  GMutex mutex;
  GDBusConnection *watched;
  GArray *watches;      /* of guint: subscriptions on watched */
};

static void signet_secret_service_store_iface_init (SignetStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SignetSecretServiceStore, signet_secret_service_store, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SIGNET_TYPE_STORE, signet_secret_service_store_iface_init))

static const struct {
  const char *name;
  const char *schema;
} kinds[] = {
  [SIGNET_ITEM_KEYSET] = { "keyset", "io.github.signetmail.Keyset" },
  [SIGNET_ITEM_PENDING] = { "pending", "io.github.signetmail.Pending" },
  [DRAFT] = { "draft", "io.github.signetmail.Draft" },
};

static const struct {
  const char *sender, *interface, *signal, *argument;
} announcements[] = {
  { SIGNET_SECRETS_NAME, SIGNET_SECRETS_COLLECTION, "ItemCreated", NULL },
  { SIGNET_SECRETS_NAME, SIGNET_SECRETS_COLLECTION, "ItemChanged", NULL },
  { SIGNET_SECRETS_NAME, SIGNET_SECRETS_COLLECTION, "ItemDeleted", NULL },
  { SIGNET_SECRETS_NAME, SIGNET_SECRETS_SERVICE, "CollectionCreated", NULL },
  { SIGNET_SECRETS_NAME, SIGNET_SECRETS_SERVICE, "CollectionChanged", NULL },   /* gnome-keyring: unlocked */
  { SIGNET_SECRETS_NAME, SIGNET_SECRETS_SERVICE, "CollectionDeleted", NULL },
  { SIGNET_SECRETS_NAME, "org.freedesktop.DBus.Properties", "PropertiesChanged", SIGNET_SECRETS_COLLECTION },
  { "org.freedesktop.DBus", "org.freedesktop.DBus", "NameOwnerChanged", SIGNET_SECRETS_NAME },
};

static void
on_announcement (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *signal,
                 GVariant *parameters, gpointer user_data)
{
  g_autoptr (SignetStore) self = g_weak_ref_get (user_data);

  if (self != NULL)
    signet_store_emit_changed (self);
}

static void
weak_ref_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

static void
watch (SignetSecretServiceStore *self, GDBusConnection *bus)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (self->watched != NULL)
    return;
  self->watched = g_object_ref (bus);
  for (guint i = 0; i < G_N_ELEMENTS (announcements); i++) {
    GWeakRef *weak = g_new0 (GWeakRef, 1);
    g_weak_ref_init (weak, self);
    guint id = g_dbus_connection_signal_subscribe (bus, announcements[i].sender, announcements[i].interface,
                                                   announcements[i].signal, NULL, announcements[i].argument,
                                                   G_DBUS_SIGNAL_FLAGS_NONE, on_announcement, weak, weak_ref_free);
    g_array_append_val (self->watches, id);
  }
}

static SignetSecretService *
begin (SignetStore *store, GCancellable *cancellable, GError **error)
{
  SignetSecretServiceStore *self = SIGNET_SECRET_SERVICE_STORE (store);
  SignetSecretService *service = signet_secret_service_connect (self->patience, cancellable, error);

  if (service != NULL)
    watch (self, signet_secret_service_get_bus (service));
  return service;
}

/* The attributes of a kind's items, or of one item: WITH_SCHEMA as they are written, without it as they are
 * searched. */
static GVariant *
attributes (guint kind, const char *id, gboolean with_schema)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{ss}"));

  g_variant_builder_add (&builder, "{ss}", "signet", kinds[kind].name);
  if (id != NULL)
    g_variant_builder_add (&builder, "{ss}", "id", id);
  if (with_schema)
    g_variant_builder_add (&builder, "{ss}", "xdg:schema", kinds[kind].schema);
  return g_variant_builder_end (&builder);
}

/* The paths of the items of a kind (and an id, if not NULL), in every keyring. */
static gboolean
search (SignetSecretService *service, guint kind, const char *id, char ***unlocked, char ***locked,
        GError **error)
{
  g_autoptr (GVariant) answer =
    signet_secret_service_call (service, SIGNET_SECRETS_PATH, SIGNET_SECRETS_SERVICE, "SearchItems",
                                g_variant_new ("(@a{ss})", attributes (kind, id, FALSE)), "(aoao)", error);

  if (answer == NULL)
    return FALSE;
  g_variant_get (answer, "(^ao^ao)", unlocked, locked);
  return TRUE;
}

static gboolean
refuse_locked (GError **error)
{
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_LOCKED,
                       _("The keyring is locked. Unlock it, then try again."));
  return FALSE;
}

/* The default collection; "/" when there is none yet. */
static char *
find_default (SignetSecretService *service, GError **error)
{
  g_autoptr (GVariant) answer =
    signet_secret_service_call (service, SIGNET_SECRETS_PATH, SIGNET_SECRETS_SERVICE, "ReadAlias",
                                g_variant_new ("(s)", "default"), "(o)", error);
  char *path = NULL;

  if (answer != NULL)
    g_variant_get (answer, "(o)", &path);
  return path;
}

static gboolean
add_locked_items (SignetSecretService *service, SignetItemKind kind, GPtrArray *paths, GError **error)
{
  g_auto (GStrv) unlocked = NULL, locked = NULL;

  if (!search (service, kind, NULL, &unlocked, &locked, error))
    return FALSE;
  for (char **path = locked; *path != NULL; path++)
    g_ptr_array_add (paths, g_strdup (*path));
  return TRUE;
}

/* What must be open: the default keyring, and each item of ours in another one (the user may have chosen another
 * default since). */
static GPtrArray *
list_to_unlock (SignetSecretService *service, GError **error)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *collection = find_default (service, error);

  if (collection == NULL || !add_locked_items (service, SIGNET_ITEM_KEYSET, paths, error) ||
      !add_locked_items (service, SIGNET_ITEM_PENDING, paths, error))
    return NULL;
  if (!g_str_equal (collection, "/"))
    g_ptr_array_add (paths, g_steal_pointer (&collection));
  return g_steal_pointer (&paths);
}

static gboolean
check_unlocked (guint unlocked, guint wanted, GError **error)
{
  if (unlocked >= wanted)
    return TRUE;
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_LOCKED,
                       _("The keyring was not unlocked. Try again, and unlock it when asked."));
  return FALSE;
}

/* Asks the user where something is locked. */
static gboolean
unlock_all (SignetSecretService *service, GError **error)
{
  g_autoptr (GPtrArray) paths = list_to_unlock (service, error);
  g_autoptr (GVariant) answer = NULL, at_once = NULL, after = NULL;
  const char *prompt;

  if (paths == NULL || paths->len == 0)
    return paths != NULL;
  answer = signet_secret_service_call (
    service, SIGNET_SECRETS_PATH, SIGNET_SECRETS_SERVICE, "Unlock",
    g_variant_new ("(@ao)", g_variant_new_objv ((const char *const *) paths->pdata, paths->len)), "(aoo)", error);
  if (answer == NULL)
    return FALSE;
  g_variant_get (answer, "(@ao&o)", &at_once, &prompt);
  if (!signet_secret_service_prompt (service, prompt, &after, error))
    return FALSE;

  guint unlocked = g_variant_n_children (at_once);
  if (after != NULL && g_variant_is_of_type (after, G_VARIANT_TYPE ("ao")))
    unlocked += g_variant_n_children (after);
  return check_unlocked (unlocked, paths->len, error);
}

static gboolean
signet_secret_service_store_unlock (SignetStore *store, GCancellable *cancellable, GError **error)
{
  g_autoptr (SignetSecretService) service = begin (store, cancellable, error);

  return service != NULL && unlock_all (service, error);
}

static gboolean
check_default_is_open (SignetSecretService *service, GError **error)
{
  g_autofree char *collection = find_default (service, error);
  g_autoptr (GVariant) locked = NULL;

  if (collection == NULL || g_str_equal (collection, "/"))
    return collection != NULL;
  locked = signet_secret_service_get_property (service, collection, SIGNET_SECRETS_COLLECTION, "Locked", "b", error);
  if (locked == NULL)
    return FALSE;
  return !g_variant_get_boolean (locked) || refuse_locked (error);
}

/* The secrets of all PATHS, in one call: a{o(oayays)}. */
static GVariant *
get_secrets (SignetSecretService *service, const char *const *paths, GError **error)
{
  const char *session = signet_secret_service_get_session (service, error);
  g_autoptr (GVariant) answer = NULL;

  if (session == NULL)
    return NULL;
  answer = signet_secret_service_call (service, SIGNET_SECRETS_PATH, SIGNET_SECRETS_SERVICE, "GetSecrets",
                                       g_variant_new ("(^aoo)", paths, session), "(a{o(oayays)})", error);
  return answer != NULL ? g_variant_get_child_value (answer, 0) : NULL;
}

/* Gives FUNC the blobs of PATHS; one that has been removed meanwhile is not among the secrets. */
static gboolean
read_batch (SignetSecretService *service, const char *const *paths, SignetBlobFunc func, gpointer user_data,
            GError **error)
{
  g_autoptr (GVariant) secrets = get_secrets (service, paths, error);

  for (gsize i = 0; secrets != NULL && i < g_variant_n_children (secrets); i++) {
    g_autoptr (GVariant) secret = NULL;
    g_variant_get_child (secrets, i, "{&o@(oayays)}", NULL, &secret);
    g_autoptr (SignetSecret) blob = signet_secret_service_decode (service, secret);
    func (blob, user_data);
  }
  return secrets != NULL;
}

/* Asks for nothing but the secrets: each property of an item is a round trip of its own, and thousands take seconds. */
static gboolean
read_all (SignetSecretService *service, const char *const *paths, SignetBlobFunc func, gpointer user_data,
          GError **error)
{
  const char *batch[BATCH + 1];

  while (*paths != NULL) {
    guint length = 0;
    while (length < BATCH && *paths != NULL)
      batch[length++] = *paths++;
    batch[length] = NULL;
    if (!read_batch (service, batch, func, user_data, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
signet_secret_service_store_each (SignetStore *store, SignetItemKind kind, SignetBlobFunc func, gpointer user_data,
                                  GCancellable *cancellable, GError **error)
{
  g_autoptr (SignetSecretService) service = begin (store, cancellable, error);
  g_auto (GStrv) unlocked = NULL, locked = NULL;

  if (service == NULL || !check_default_is_open (service, error) ||
      !search (service, kind, NULL, &unlocked, &locked, error))
    return FALSE;
  if (*locked != NULL)
    return refuse_locked (error);
  return read_all (service, (const char *const *) unlocked, func, user_data, error);
}

/* The path of what ANSWER (oo) says was made, at once or after a prompt. */
static char *
await_creation (SignetSecretService *service, GVariant *answer, GError **error)
{
  g_autoptr (GVariant) created = NULL;
  const char *path, *prompt;

  g_variant_get (answer, "(&o&o)", &path, &prompt);
  if (!signet_secret_service_prompt (service, prompt, &created, error))
    return NULL;
  return created != NULL && g_variant_is_of_type (created, G_VARIANT_TYPE_OBJECT_PATH)
           ? g_variant_dup_string (created, NULL) : g_strdup (path);
}

/* The first keyring of this desktop: the user chooses its password. */
static char *
create_default (SignetSecretService *service, GError **error)
{
  g_auto (GVariantBuilder) properties = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_autoptr (GVariant) answer = NULL;

  g_variant_builder_add (&properties, "{sv}", SIGNET_SECRETS_COLLECTION ".Label",
                         g_variant_new_string (_("Default keyring")));
  answer = signet_secret_service_call (service, SIGNET_SECRETS_PATH, SIGNET_SECRETS_SERVICE, "CreateCollection",
                                       g_variant_new ("(a{sv}s)", &properties, "default"), "(oo)", error);
  return answer != NULL ? await_creation (service, answer, error) : NULL;
}

/* Where new items are written. */
static char *
ensure_default (SignetSecretService *service, GError **error)
{
  g_autofree char *collection = find_default (service, error);

  return g_strcmp0 (collection, "/") == 0 ? create_default (service, error) : g_steal_pointer (&collection);
}

/* Makes or replaces the one item of COLLECTION with the attributes of KIND and of ITEM's id. */
static char *
create_item (SignetSecretService *service, const char *collection, guint kind, SignetItem *item, GError **error)
{
  g_auto (GVariantBuilder) properties = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_autoptr (GVariant) secret = signet_secret_service_encode (service, item->blob, error);
  g_autoptr (GVariant) answer = NULL;

  if (secret == NULL)
    return NULL;
  g_variant_builder_add (&properties, "{sv}", SIGNET_SECRETS_ITEM ".Label", g_variant_new_string (item->label));
  g_variant_builder_add (&properties, "{sv}", SIGNET_SECRETS_ITEM ".Attributes",
                         attributes (kind, item->id, TRUE));
  answer = signet_secret_service_call (service, collection, SIGNET_SECRETS_COLLECTION, "CreateItem",
                                       g_variant_new ("(a{sv}@(oayays)b)", &properties, secret, TRUE), "(oo)", error);
  return answer != NULL ? await_creation (service, answer, error) : NULL;
}

static gboolean
check_kept (SignetSecretService *service, const char *path, SignetSecret *blob, GError **error)
{
  const char *const paths[] = { path, NULL };
  g_autoptr (GVariant) secrets = get_secrets (service, paths, error);
  g_autoptr (GVariant) secret = secrets != NULL ? g_variant_lookup_value (secrets, path, NULL) : NULL;
  g_autoptr (SignetSecret) kept = NULL;

  if (secrets == NULL)
    return FALSE;
  kept = secret != NULL ? signet_secret_service_decode (service, secret) : NULL;
  if (kept != NULL && signet_secret_equal (kept, blob))
    return TRUE;
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_FAILED,
                       _("The desktop's key store did not keep what it was given. Update it, or use GNOME Keyring."));
  return FALSE;
}

static gboolean
delete_item (SignetSecretService *service, const char *path, GError **error)
{
  g_autoptr (GVariant) answer = signet_secret_service_call (service, path, SIGNET_SECRETS_ITEM, "Delete", NULL, "(o)",
                                                            error);
  const char *prompt;

  if (answer == NULL)
    return FALSE;
  g_variant_get (answer, "(&o)", &prompt);
  return signet_secret_service_prompt (service, prompt, NULL, error);
}

/* Removes what a killed service or program has left; what cannot be removed now is removed another time. */
static void
delete_old_drafts (SignetSecretService *service)
{
  g_auto (GStrv) unlocked = NULL, locked = NULL;

  search (service, DRAFT, NULL, &unlocked, &locked, NULL);
  for (char **path = unlocked; path != NULL && *path != NULL; path++) {
    g_autoptr (GVariant) created = signet_secret_service_get_property (service, *path, SIGNET_SECRETS_ITEM, "Created",
                                                                       "t", NULL);
    if (created != NULL && (gint64) g_variant_get_uint64 (created) < signet_clock_now () - OLD_DRAFT)
      delete_item (service, *path, NULL);
  }
}

static gboolean
put_new (SignetSecretService *service, SignetItem *item, GError **error)
{
  g_autofree char *collection = ensure_default (service, error);
  g_autofree char *path = collection != NULL ? create_item (service, collection, DRAFT, item, error) : NULL;
  g_autoptr (GVariant) answer = NULL;

  if (path == NULL || !check_kept (service, path, item->blob, error))
    return FALSE;
  answer = signet_secret_service_call (service, path, "org.freedesktop.DBus.Properties", "Set",
                                       g_variant_new ("(ssv)", SIGNET_SECRETS_ITEM, "Attributes",
                                                      attributes (item->kind, item->id, TRUE)), "()", error);
  delete_old_drafts (service);
  return answer != NULL;
}

/* In the collection where it lies, which need not be the default one. */
static gboolean
put_again (SignetSecretService *service, const char *former, SignetItem *item, GError **error)
{
  g_autofree char *collection = g_path_get_dirname (former);
  g_autofree char *path = create_item (service, collection, item->kind, item, error);

  return path != NULL && check_kept (service, path, item->blob, error);
}

static gboolean
signet_secret_service_store_put (SignetStore *store, SignetItem *item, GCancellable *cancellable, GError **error)
{
  g_autoptr (SignetSecretService) service = begin (store, cancellable, error);
  g_auto (GStrv) unlocked = NULL, locked = NULL;

  if (service == NULL || !unlock_all (service, error) ||
      !search (service, item->kind, item->id, &unlocked, &locked, error))
    return FALSE;

  gboolean put = *unlocked != NULL ? put_again (service, *unlocked, item, error) : put_new (service, item, error);
  signet_store_emit_changed (store);
  return put;
}

static gboolean
signet_secret_service_store_remove (SignetStore *store, SignetItemKind kind, const char *id, GCancellable *cancellable,
                                    GError **error)
{
  g_autoptr (SignetSecretService) service = begin (store, cancellable, error);
  g_auto (GStrv) unlocked = NULL, locked = NULL;

  if (service == NULL || !unlock_all (service, error) || !search (service, kind, id, &unlocked, &locked, error))
    return FALSE;
  for (char **path = unlocked; *path != NULL; path++) {
    if (!delete_item (service, *path, error))
      return FALSE;
    signet_store_emit_changed (store);
  }
  return TRUE;
}

static void
signet_secret_service_store_iface_init (SignetStoreInterface *iface)
{
  iface->unlock = signet_secret_service_store_unlock;
  iface->each = signet_secret_service_store_each;
  iface->put = signet_secret_service_store_put;
  iface->remove = signet_secret_service_store_remove;
}

static void
signet_secret_service_store_init (SignetSecretServiceStore *self)
{
  self->patience = PATIENCE;
  g_mutex_init (&self->mutex);
  self->watches = g_array_new (FALSE, FALSE, sizeof (guint));
}

static void
signet_secret_service_store_finalize (GObject *object)
{
  SignetSecretServiceStore *self = SIGNET_SECRET_SERVICE_STORE (object);

  for (guint i = 0; i < self->watches->len; i++)
    g_dbus_connection_signal_unsubscribe (self->watched, g_array_index (self->watches, guint, i));
  g_array_unref (self->watches);
  g_clear_object (&self->watched);
  g_mutex_clear (&self->mutex);
  G_OBJECT_CLASS (signet_secret_service_store_parent_class)->finalize (object);
}

static void
signet_secret_service_store_class_init (SignetSecretServiceStoreClass *class)
{
  G_OBJECT_CLASS (class)->finalize = signet_secret_service_store_finalize;
}

SignetStore *
signet_secret_service_store_new (void)
{
  return g_object_new (SIGNET_TYPE_SECRET_SERVICE_STORE, NULL);
}

void
signet_secret_service_store_set_patience (SignetSecretServiceStore *self, guint patience)
{
  self->patience = patience;
}
