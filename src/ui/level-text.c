/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/level-text.h"

#include "base/i18n.h"

const char *
signet_level_get_title (SignetLevel level)
{
  switch (level) {
  case SIGNET_LEVEL_LOW:
    return C_("security level", "Low");
  case SIGNET_LEVEL_MEDIUM:
    return C_("security level", "Medium");
  case SIGNET_LEVEL_HIGH:
  default:
    return C_("security level", "High");
  }
}

const char *
signet_level_get_description (SignetLevel level)
{
  switch (level) {
  case SIGNET_LEVEL_LOW:
    return _("Use it without asking while I am logged in.");
  case SIGNET_LEVEL_MEDIUM:
    return _("Ask me to allow each use.");
  case SIGNET_LEVEL_HIGH:
  default:
    return _("Ask for a password each time the ID is used.");
  }
}

const char *
signet_level_get_icon (SignetLevel level)
{
  switch (level) {
  case SIGNET_LEVEL_LOW:
    return "signet-level-low-symbolic";
  case SIGNET_LEVEL_MEDIUM:
    return "signet-level-medium-symbolic";
  case SIGNET_LEVEL_HIGH:
  default:
    return "signet-level-high-symbolic";
  }
}
