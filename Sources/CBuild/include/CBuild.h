#ifndef CBUILD_H
#define CBUILD_H

// The commit that a binary was built from: `-Xcc -DAGENT_EXPORTER_REVISION=\"abc1234\"`, as `make build REVISION=abc1234` does.
const char *cbuild_revision(void);

#endif
