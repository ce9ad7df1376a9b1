// Debian's libpq can use Kerberos and LDAP, and has no static libraries of them. A static program has these instead: every call
// fails, with a message where there is one, and libpq says so (`gssencmode=require`, `ldap://` in a service file). They are compiled
// with AGENT_STATIC only, for in a dynamic program they would stand before the true ones.
#include "CPostgresStubs.h"

#ifdef AGENT_STATIC

#include <stddef.h>
#include <stdint.h>

typedef struct {
    size_t length;
    void *value;
} Text;

// GSS_S_UNAVAILABLE (RFC 2744 section 3.9.1).
enum { unavailable = 16 << 16, complete = 0 };

const void *GSS_C_NT_HOSTBASED_SERVICE = NULL;

#define FAILS(name)                \
    uint32_t name(uint32_t *minor) \
    {                              \
        *minor = 0;                \
        return unavailable;        \
    }

FAILS(gss_acquire_cred)
FAILS(gss_import_name)
FAILS(gss_init_sec_context)
FAILS(gss_unwrap)
FAILS(gss_wrap)
FAILS(gss_wrap_size_limit)

// There is nothing to let go of.
#define DOES_NOTHING(name)         \
    uint32_t name(uint32_t *minor) \
    {                              \
        *minor = 0;                \
        return complete;           \
    }

DOES_NOTHING(gss_delete_sec_context)
DOES_NOTHING(gss_release_buffer)
DOES_NOTHING(gss_release_cred)
DOES_NOTHING(gss_release_name)

uint32_t gss_display_status(uint32_t *minor, uint32_t status, int type, const void *mechanism, uint32_t *next, Text *text) {
    static char message[] = "this program has been built without Kerberos";
    (void)status, (void)type, (void)mechanism;
    *minor = 0;
    *next = 0;
    text->value = message;
    text->length = sizeof message - 1;
    return complete;
}

// No connection to a server of LDAP can be made, so none of the others is ever called.
void *ldap_init(const char *host, int port) {
    (void)host, (void)port;
    return NULL;
}

char *ldap_err2string(int code) {
    static char message[] = "this program has been built without LDAP";
    (void)code;
    return message;
}

enum { serverDown = -1 };

int ldap_count_entries(void) { return 0; }
void *ldap_first_entry(void) { return NULL; }
void *ldap_get_values_len(void) { return NULL; }
int ldap_msgfree(void) { return 0; }
int ldap_result(void) { return serverDown; }
int ldap_search_st(void) { return serverDown; }
int ldap_set_option(void) { return serverDown; }
int ldap_simple_bind(void) { return serverDown; }
int ldap_unbind(void) { return 0; }
void ldap_value_free_len(void) {}

#endif
