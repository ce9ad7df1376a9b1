#include "CProcess.h"

#include <stdlib.h>
#include <unistd.h>

#ifndef AGENT_EXPORTER_REVISION
#define AGENT_EXPORTER_REVISION "unknown"
#endif

static int count;
static char **arguments;

// Before anything of Swift's, whose runtime wants to know where it is installed as soon as it is there: it ends the process
// when /proc cannot tell, unless it has been told.
__attribute__((constructor(101))) static void begin(int argc, char **argv) {
    count = argc;
    arguments = argv;
    if (access("/proc/self/exe", F_OK) != 0) setenv("SWIFT_ROOT", "/", 0);
}

const char *cprocess_revision(void) { return AGENT_EXPORTER_REVISION; }

int cprocess_argument_count(void) { return count; }

const char *cprocess_argument(int index) { return index < count ? arguments[index] : ""; }

void cprocess_hide_argument(int index, size_t shown) {
    if (index < 0 || index >= count) return;
    for (char *byte = arguments[index]; *byte; byte++) {
        if (shown > 0)
            shown--;
        else
            *byte = 'x';
    }
}
