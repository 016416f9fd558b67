/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Dropping privileges (privs.h).  After the drop it is tried to undo it: a
 * drop that can be undone was none.
 */
#include "proc/privs.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PRIVATE_UMASK = 077 };

/* The leak checker must be able to look into its own process; only sanitizer
 * builds have it. */
extern void __lsan_do_leak_check(void) __attribute__((weak));

static enum rc
find_ids(const struct program *p, uid_t *uid, gid_t *gid)
{
	const struct passwd *pw = getpwnam(p->set->user);
	const struct group *gr;

	if (pw == NULL)
		return program_say(p, "user %s does not exist", p->set->user);
	*uid = pw->pw_uid;
	*gid = pw->pw_gid;
	if (*p->set->group == '\0')
		return RC_OK;
	gr = getgrnam(p->set->group);
	if (gr == NULL)
		return program_say(p, "group %s does not exist", p->set->group);
	*gid = gr->gr_gid;
	return RC_OK;
}

enum rc
privs_check(const struct program *p)
{
	if (geteuid() == 0 && *p->set->user == '\0')
		return program_say(
		    p, "does not serve as root: set user in %s", p->config);
	return RC_OK;
}

enum rc
privs_drop(const struct program *p)
{
	uid_t uid = 0;
	gid_t gid = 0;

	if (geteuid() != 0)
		return RC_OK;
	if (*p->set->user == '\0')
		return program_say(
		    p, "does not serve as root: set user in %s", p->config);
	if (find_ids(p, &uid, &gid) != RC_OK)
		return RC_INVALID;
	if (uid == 0)
		return program_say(p, "user %s is root", p->set->user);
	if (setgroups(1, &gid) != 0 || setresgid(gid, gid, gid) != 0 ||
	    setresuid(uid, uid, uid) != 0)
		return program_say(p, "cannot become user %s: %s", p->set->user,
		    strerror(errno));
	if (setuid(0) == 0 || setgid(0) == 0)
		return program_say(p, "is still root after dropping it");
	return RC_OK;
}

void
privs_harden(void)
{
	struct rlimit none = {0, 0};

	umask(PRIVATE_UMASK);
	/* each of these is a second lock on a door that is shut anyway: a
	 * kernel without it is no reason not to sell */
	(void)setrlimit(RLIMIT_CORE, &none);
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (__lsan_do_leak_check == NULL)
		(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
