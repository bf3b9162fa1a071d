/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crypto/public-key.h"
