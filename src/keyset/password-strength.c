/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyset/password-strength.h"

#include "base/i18n.h"

#include <pwquality.h>

/* Of libpwquality's 100 points, where the next word begins. */
#define FAIR_FROM 50
#define GOOD_FROM 75
#define STRONG_FROM 90

/* libpwquality refuses every password when the word list of cracklib is not installed; a password that is in no list
 * tells.  Without the list the rest of its checks still counts. */
static gboolean
has_word_list (pwquality_settings_t *settings)
{
  return pwquality_check (settings, "vQ8#kz!Lw2@xR5&h", NULL, NULL, NULL) != PWQ_ERROR_CRACKLIB_CHECK;
}

static pwquality_settings_t *
get_settings (void)
{
  static gsize made;

  if (g_once_init_enter (&made)) {
    pwquality_settings_t *settings = pwquality_default_settings ();
    if (!has_word_list (settings))
      pwquality_set_int_value (settings, PWQ_SETTING_DICT_CHECK, 0);
    g_once_init_leave (&made, (gsize) settings);
  }
  return (pwquality_settings_t *) made;
}

/* In our words, for the library's name settings and character counts.  AUXERROR may be the library's to free. */
static char *
get_advice (int result, void *auxerror)
{
  char text[PWQ_MAX_ERROR_MESSAGE_LEN];

  /* The call frees what comes with the result. */
  pwquality_strerror (text, sizeof text, result, auxerror);

  switch (result) {
    case PWQ_ERROR_MIN_LENGTH:
    case PWQ_ERROR_EMPTY_PASSWORD:
      return g_strdup (_("Make it longer: a sentence of a few words is easy to remember and hard to guess."));
    case PWQ_ERROR_PALINDROME:
      return g_strdup (_("It reads the same backwards. Add a few words."));
    case PWQ_ERROR_CRACKLIB_CHECK:
      return g_strdup (_("It is made from a word that others use, too. Add a few words."));
    case PWQ_ERROR_MAX_CONSECUTIVE:
    case PWQ_ERROR_MAX_SEQUENCE:
      return g_strdup (_("It follows a pattern. Add a few words."));
    default:
      return g_strdup (_("Add a few words: length makes a password hard to guess."));
  }
}

SignetStrength
signet_password_strength (SignetSecret *password, char **advice)
{
  const char *text = signet_secret_get_text (password);
  SignetStrength strength;
  void *auxerror = NULL;
  g_autofree char *found = NULL;
  int result;

  if (advice != NULL)
    *advice = NULL;
  if (text == NULL || *text == '\0')
    return SIGNET_STRENGTH_NONE;

  result = pwquality_check (get_settings (), text, NULL, NULL, &auxerror);
  strength = result >= STRONG_FROM ? SIGNET_STRENGTH_STRONG :
             result >= GOOD_FROM ? SIGNET_STRENGTH_GOOD :
             result >= FAIR_FROM ? SIGNET_STRENGTH_FAIR : SIGNET_STRENGTH_WEAK;
  if (result < GOOD_FROM)
    found = get_advice (result, result < 0 ? auxerror : NULL);
  if (advice != NULL)
    *advice = g_steal_pointer (&found);
  return strength;
}

const char *
signet_strength_to_text (SignetStrength strength)
{
  switch (strength) {
    case SIGNET_STRENGTH_WEAK:
      return _("Weak");
    case SIGNET_STRENGTH_FAIR:
      return _("Fair");
    case SIGNET_STRENGTH_GOOD:
      return _("Good");
    case SIGNET_STRENGTH_STRONG:
      return _("Strong");
    case SIGNET_STRENGTH_NONE:
    default:
      return "";
  }
}
