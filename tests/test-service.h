/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "authority/service.h"

G_BEGIN_DECLS

/* The service without HTTP around it, in a folder of its own, on a clock that stands at TEST_SERVICE_NOW until the test
 * sets it.  A mistake in here aborts. */
typedef struct {
  char *folder;
  SignetAuthority *authority;
  SignetService *service;
  SignetDatabase *administrator;   /* a connection of its own, as `invite` has */
  GBytes *pin;
} TestService;

#define TEST_SERVICE_NOW 1700000000

/* A fixture for g_test_add.  MORE: settings, beginning with some for [policy]. */
void test_service_set_up (TestService *self, gconstpointer more);
void test_service_tear_down (TestService *self, gconstpointer more);

/* Handles QUESTION and returns it with its answer. */
SignetCall *test_service_call (TestService *self, SignetCall *question);

/* Invites ADDRESS for 72 hours: its temporary key. */
SignetSecret *test_service_invite (TestService *self, const char *address);

G_END_DECLS
