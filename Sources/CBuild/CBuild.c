#include "CBuild.h"

#ifndef AGENT_EXPORTER_REVISION
#define AGENT_EXPORTER_REVISION "unknown"
#endif

const char *cbuild_revision(void) { return AGENT_EXPORTER_REVISION; }
