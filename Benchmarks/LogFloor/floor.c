// What SQLite takes from C and nothing around it: log-floor PATH REPORTS BATCH [plain]
//
// With the layout of the hub's log, or a plain one: the same rows and an ordinary index for each thing that is looked for.
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

enum { COMPONENTS = 100, METRICS = 5 };

static sqlite3 *database;

static void must(int code) {
    if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW) return;
    fprintf(stderr, "log-floor: %s\n", sqlite3_errmsg(database));
    exit(1);
}

static void execute(const char *sql) { must(sqlite3_exec(database, sql, NULL, NULL, NULL)); }

static sqlite3_stmt *prepare(const char *sql) {
    sqlite3_stmt *statement;
    must(sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL));
    return statement;
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

struct identity {
    int64_t hash, sequence;
};

static struct identity waiting[65536];
static size_t waiting_count;

static int compare(const void *left, const void *right) {
    const int64_t one = ((const struct identity *)left)->hash, other = ((const struct identity *)right)->hash;
    return one < other ? -1 : one > other;
}

// Into the index in its order: each page once for all that goes to it.
static void wait_for_index(sqlite3_stmt *insert, struct identity new) {
    const size_t capacity = sizeof waiting / sizeof waiting[0];
    waiting[waiting_count++] = new;
    if (waiting_count < capacity) return;
    qsort(waiting, capacity, sizeof waiting[0], compare);
    for (size_t index = 0; index < capacity; index++) {
        must(sqlite3_bind_int64(insert, 1, waiting[index].hash));
        must(sqlite3_bind_int64(insert, 2, waiting[index].sequence));
        must(sqlite3_step(insert));
        must(sqlite3_reset(insert));
    }
    waiting_count = 0;
}

// The first 64 bits of a digest, for what it costs in the index: spread, and never the same twice.
static int64_t identity(int64_t number) {
    uint64_t mixed = (uint64_t)number * 0x9E3779B97F4A7C15ULL;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9ULL;
    return (int64_t)(mixed ^ (mixed >> 27));
}

int main(int count, char **arguments) {
    const int is_plain = count == 5 && strcmp(arguments[4], "plain") == 0;
    if (count != 4 && !is_plain) return fprintf(stderr, "log-floor PATH REPORTS BATCH [plain]\n"), 2;
    const int64_t reports = atoll(arguments[2]), batch = atoll(arguments[3]), start = 1793491200000;
    must(sqlite3_open_v2(arguments[1], &database,
                         SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL));
    execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 4000;"
            "CREATE TABLE report (sequence INTEGER PRIMARY KEY, component INTEGER NOT NULL, arrived INTEGER NOT NULL,"
            " time INTEGER NOT NULL, ttl INTEGER, identity INTEGER, samples TEXT NOT NULL) STRICT;");
    execute(is_plain ? "CREATE INDEX report_component ON report (component, arrived);"
                       "CREATE INDEX report_identity ON report (component, identity) WHERE identity IS NOT NULL;"
                     : "CREATE INDEX report_component ON report (sequence >> 10, component);"
                       "CREATE TABLE identity (identity INTEGER, sequence INTEGER, PRIMARY KEY (identity, sequence))"
                       " STRICT, WITHOUT ROWID;");
    sqlite3_stmt *insert = prepare("INSERT INTO report VALUES (?, ?, ?, ?, ?, ?, ?)");
    sqlite3_stmt *find =
        prepare(is_plain ? "SELECT 1 FROM report INDEXED BY report_identity"
                           " WHERE identity = ? AND component = ? AND arrived >= ?"
                         : "SELECT 1 FROM identity CROSS JOIN report USING (sequence)"
                           " WHERE identity.identity = ? AND component = ? AND arrived >= ?");
    sqlite3_stmt *insert_identity = is_plain ? NULL : prepare("INSERT OR IGNORE INTO identity VALUES (?, ?)");
    const double begin = now();
    for (int64_t number = 0; number < reports; number++) {
        if (number % batch == 0) execute("BEGIN IMMEDIATE");
        const int64_t component = number % COMPONENTS;
        const int64_t arrived = start + number / COMPONENTS * 15000 + component;
        char samples[256];
        int length = 0;
        for (int metric = 0; metric < METRICS; metric++) {
            const double value = (double)(number * 37 % 10000 + metric) / 100;
            length += snprintf(samples + length, sizeof samples - (size_t)length, "%s[%lld,%.15g]", metric ? "," : "[",
                               (long long)(component * METRICS + metric + 1), value);
        }
        length += snprintf(samples + length, sizeof samples - (size_t)length, "]");
        must(sqlite3_bind_int64(find, 1, identity(number)));
        must(sqlite3_bind_int64(find, 2, component));
        must(sqlite3_bind_int64(find, 3, arrived - 86400000));
        if (sqlite3_step(find) == SQLITE_ROW) return 1;
        must(sqlite3_reset(find));
        must(sqlite3_bind_int64(insert, 1, number + 1));
        must(sqlite3_bind_int64(insert, 2, component));
        must(sqlite3_bind_int64(insert, 3, arrived));
        must(sqlite3_bind_int64(insert, 4, arrived - 20));
        must(sqlite3_bind_null(insert, 5));
        must(sqlite3_bind_int64(insert, 6, identity(number)));
        must(sqlite3_bind_text(insert, 7, samples, length, SQLITE_TRANSIENT));
        must(sqlite3_step(insert));
        must(sqlite3_reset(insert));
        if (!is_plain) wait_for_index(insert_identity, (struct identity){identity(number), number + 1});
        if (number % batch == batch - 1 || number == reports - 1) execute("COMMIT");
    }
    const double seconds = now() - begin;
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    const double processor = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
                             + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    sqlite3_finalize(insert);
    sqlite3_finalize(find);
    sqlite3_finalize(insert_identity);
    sqlite3_close(database);
    struct stat status;
    stat(arguments[1], &status);
    const double samples = (double)(reports * METRICS);
    printf("%.0f samples, %lld a commit: %.0f a second, %.1f µs of processor a report, %.1f bytes a sample\n", samples,
           (long long)batch, samples / seconds, processor / (double)reports * 1e6, (double)status.st_size / samples);
    return 0;
}
