/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Runs one fuzz target where there is no libFuzzer, with the same arguments:
 *
 *   fuzz-NAME [-max_total_time=SECONDS] [-runs=COUNT] [-seed=NUMBER] [FOLDER|FILE]...
 *
 * First every file as it is; then, for that long or that often, files changed at random (the same ones for the same
 * seed, save that time decides how many).  An input that kills the target is left behind as crash-NAME. */

#define LONGEST_INPUT (64 * 1024)        /* what grows past it is cut: large inputs are slow and seldom tell more */
#define HANG 20                      /* seconds for one input */

static GPtrArray *corpus;            /* (element-type GByteArray) */
static const guint8 *current;        /* for the signal handler */
static gsize current_length;
static char crash_path[256];

/* --- the input that was at fault --- */

static void
keep_current (void)
{
  int file = open (crash_path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  static const char said[] = "\nThe input is in ";

  if (file < 0)
    return;
  if (write (file, current, current_length) == (gssize) current_length &&
      write (STDERR_FILENO, said, sizeof said - 1) > 0 && write (STDERR_FILENO, crash_path, strlen (crash_path)) > 0)
    (void) !write (STDERR_FILENO, "\n", 1);
  close (file);
}

static void
on_signal (int number)
{
  keep_current ();
  signal (number, SIG_DFL);
  raise (number);
}

/* Of the sanitizers' runtime: called before it ends the process. */
__attribute__ ((weak)) void __sanitizer_set_death_callback (void (*callback) (void));

static void
watch (const char *name)
{
  static const int fatal[] = { SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGALRM };

  g_snprintf (crash_path, sizeof crash_path, "crash-%s", name);
  if (__sanitizer_set_death_callback != NULL)
    __sanitizer_set_death_callback (keep_current);
  for (gsize i = 0; i < G_N_ELEMENTS (fatal); i++)
    if (__sanitizer_set_death_callback == NULL || fatal[i] != SIGSEGV)
      signal (fatal[i], on_signal);
}

static void
run (const guint8 *data, gsize length)
{
  current = data;
  current_length = length;
  alarm (HANG);
  LLVMFuzzerTestOneInput (data, length);
  alarm (0);
}

/* --- the files --- */

static void
read_file (const char *path)
{
  g_autoptr (GError) error = NULL;
  char *data = NULL;
  gsize length;

  if (!g_file_get_contents (path, &data, &length, &error))
    g_error ("%s", error->message);
  g_ptr_array_add (corpus, g_byte_array_new_take ((guint8 *) data, length));
}

static int
compare_paths (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
read_path (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);

  if (folder == NULL) {
    if (g_file_test (path, G_FILE_TEST_EXISTS))         /* or a target has no fixtures yet */
      read_file (path);
    return;
  }
  for (const char *name = g_dir_read_name (folder); name != NULL; name = g_dir_read_name (folder))
    g_ptr_array_add (paths, g_build_filename (path, name, NULL));
  g_ptr_array_sort (paths, compare_paths);
  for (guint i = 0; i < paths->len; i++)
    read_file (paths->pdata[i]);
}

/* --- changing them --- */

static const char *const words[] = {
  "\"", "{", "}", "[", "]", ":", ",", "\\", "\\u0000", "null", "-1", "0", "9223372036854775807", "1e999", "\r\n", "\n",
  "\r\n\r\n", "--", "=", "%", "%00", "&", "<", ">", "From ", "Content-Type: ", "multipart/mixed; boundary=",
  "message/rfc822", "base64", "quoted-printable", "\x30\x80", "\x30\x84\xff\xff\xff\xff", "\x02\x01\x00",
  "\x05\x00", "\x00\x00", "\xff\xff\xff\xff", "\x7f", "\x80", "\xc3\xa9", "\xe2\x80\xae",
};

static void
insert (GByteArray *bytes, guint at, const guint8 *data, guint length)
{
  g_autofree guint8 *copy = g_memdup2 (data, length);      /* DATA may be in BYTES */

  g_byte_array_set_size (bytes, bytes->len + length);
  memmove (bytes->data + at + length, bytes->data + at, bytes->len - length - at);
  memcpy (bytes->data + at, copy, length);
}

static void
splice_in (GRand *rand, GByteArray *bytes, guint at)
{
  const GByteArray *other = corpus->pdata[g_rand_int_range (rand, 0, corpus->len)];

  if (other->len == 0)
    return;
  guint start = g_rand_int_range (rand, 0, other->len), rest = other->len - start;
  guint length = 1U << g_rand_int_range (rand, 0, 10);
  insert (bytes, at, other->data + start, MIN (rest, length));
}

static void
change_once (GRand *rand, GByteArray *bytes)
{
  guint at = bytes->len > 0 ? g_rand_int_range (rand, 0, bytes->len) : 0, left = bytes->len - at;
  guint most = 1U << g_rand_int_range (rand, 0, 6), length = MIN (left, most);
  const char *word = words[g_rand_int_range (rand, 0, G_N_ELEMENTS (words))];

  switch (bytes->len > 0 ? g_rand_int_range (rand, 0, 9) : 8) {
  case 0: bytes->data[at] ^= 1 << g_rand_int_range (rand, 0, 8); break;
  case 1: bytes->data[at] = g_rand_int_range (rand, 0, 256); break;
  case 2: bytes->data[at] += g_rand_int_range (rand, -4, 5); break;
  case 3: memset (bytes->data + at, g_rand_int_range (rand, 0, 256), length); break;
  case 4: g_byte_array_remove_range (bytes, at, length); break;
  case 5: insert (bytes, at, bytes->data + at, length); break;
  case 6: g_byte_array_set_size (bytes, at); break;
  case 7: splice_in (rand, bytes, at); break;
  default: insert (bytes, at, (const guint8 *) word, MAX (strlen (word), 1)); break;
  }
}

static GByteArray *
make_input (GRand *rand)
{
  const GByteArray *seed = corpus->pdata[g_rand_int_range (rand, 0, corpus->len)];
  GByteArray *bytes = g_byte_array_new ();

  g_byte_array_append (bytes, seed->data, seed->len);
  for (int i = g_rand_int_range (rand, 1, 9); i > 0; i--)
    change_once (rand, bytes);
  if (bytes->len > LONGEST_INPUT)
    g_byte_array_set_size (bytes, LONGEST_INPUT);
  return bytes;
}

static guint64
run_changed (gint64 runs, gint64 seconds, guint32 seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  gint64 end = g_get_monotonic_time () + seconds * G_USEC_PER_SEC;
  guint64 count = 0;

  while ((runs < 0 || count < (guint64) runs) && (seconds < 0 || g_get_monotonic_time () < end)) {
    g_autoptr (GByteArray) bytes = make_input (rand);
    /* A block of exactly its size, so that the sanitizer sees a read past its end. */
    g_autofree guint8 *block = g_memdup2 (bytes->data, bytes->len);
    run (block, bytes->len);
    count++;
  }
  return count;
}

static gboolean
read_option (const char *argument, const char *name, gint64 *value)
{
  if (!g_str_has_prefix (argument, name))
    return FALSE;
  *value = g_ascii_strtoll (argument + strlen (name), NULL, 10);
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autofree char *name = g_path_get_basename (argv[0]);
  gint64 seconds = -1, runs = -1, seed = 1;

  corpus = g_ptr_array_new_with_free_func ((GDestroyNotify) g_byte_array_unref);
  for (int i = 1; i < argc; i++)
    if (!read_option (argv[i], "-max_total_time=", &seconds) && !read_option (argv[i], "-runs=", &runs) &&
        !read_option (argv[i], "-seed=", &seed))
      read_path (argv[i]);
  if (seconds < 0 && runs < 0)
    runs = 0;

  watch (name);
  for (guint i = 0; i < corpus->len; i++) {
    const GByteArray *bytes = corpus->pdata[i];
    run (bytes->data, bytes->len);
  }
  guint64 count = corpus->len > 0 ? run_changed (runs, seconds, seed) : 0;
  printf ("%s: %u files, %" G_GUINT64_FORMAT " changed ones\n", name, corpus->len, count);
  return corpus->len > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
