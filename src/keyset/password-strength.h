/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/secret.h"

G_BEGIN_DECLS

typedef enum {
  SIGNET_STRENGTH_NONE,        /* nothing was typed */
  SIGNET_STRENGTH_WEAK,
  SIGNET_STRENGTH_FAIR,
  SIGNET_STRENGTH_GOOD,
  SIGNET_STRENGTH_STRONG,
} SignetStrength;

/* How hard PASSWORD is to guess, by libpwquality.  ADVICE (may be NULL) becomes what would make it better, (transfer
 * full), or NULL. */
SignetStrength signet_password_strength (SignetSecret *password, char **advice);

/* "Weak", … */
const char *signet_strength_to_text (SignetStrength strength);

G_END_DECLS
