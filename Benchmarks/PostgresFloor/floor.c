// What a follower is measured against: rows of the same shape in the same transactions, from C, with nothing read and nothing looked
// up. `postgres-floor URL ROWS ROWS-OF-A-TRANSACTION`, into tables that `postgres-bench` has made.
#include <postgresql/libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double processor(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
        + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void check(PGconn *connection, PGresult *result, ExecStatusType wanted) {
    if (PQresultStatus(result) != wanted) {
        fprintf(stderr, "%s", PQerrorMessage(connection));
        exit(1);
    }
    PQclear(result);
}

int main(int count, char **arguments) {
    if (count != 4) return 2;
    PGconn *connection = PQconnectdb(arguments[1]);
    if (PQstatus(connection) != CONNECTION_OK) {
        fprintf(stderr, "%s", PQerrorMessage(connection));
        return 1;
    }
    long rows = atol(arguments[2]), batch = atol(arguments[3]);
    // Of as many components as the follower's rows are: an index that grows in one place only costs the server less.
    PGresult *runtime = PQexec(connection, "SELECT runtime_id FROM noetl.runtime ORDER BY name");
    if (PQresultStatus(runtime) != PGRES_TUPLES_OK) return 1;
    int components = PQntuples(runtime);
    if (components == 0) {
        fprintf(stderr, "there are no components\n");
        return 1;
    }
    char *text = malloc((size_t)batch * 512);
    if (!text) return 1;
    double began = seconds(), used = processor();
    for (long row = 0; row < rows;) {
        size_t length = 0;
        for (long i = 0; i < batch && row < rows; i++, row++) {
            length += (size_t)sprintf(
                text + length,
                "%ld\t%s\tnoetl_system_metric_%ld\tgauge\t{\"component\":\"worker-%ld\",\"hostname\":\"node-1\"}\t"
                "What it measures\tpercent\t%ld.25\t2026-11-26 12:%02ld:%02ld.%03ld+00\t2026-11-26 12:%02ld:%02ld.%03ld+00\n",
                (1L << 60) + row, PQgetvalue(runtime, (int)(row / 5 % components), 0), row % 5, row / 5 % 1000, row % 100, row / 60000 % 60, row / 1000 % 60, row % 1000,
                row / 60000 % 60, row / 1000 % 60, row % 1000);
        }
        check(connection, PQexec(connection, "BEGIN"), PGRES_COMMAND_OK);
        check(
            connection,
            PQexec(
                connection,
                "COPY noetl.metrics (metric_id, runtime_id, metric_name, metric_type, labels, help_text, unit, metric_value, "
                "timestamp, created_at) FROM STDIN"),
            PGRES_COPY_IN);
        for (size_t sent = 0; sent < length; sent += 65536) {
            size_t part = length - sent < 65536 ? length - sent : 65536;
            if (PQputCopyData(connection, text + sent, (int)part) != 1) return 1;
        }
        if (PQputCopyEnd(connection, NULL) != 1) return 1;
        check(connection, PQgetResult(connection), PGRES_COMMAND_OK);
        PQclear(PQgetResult(connection));
        check(connection, PQexec(connection, "COMMIT"), PGRES_COMMAND_OK);
    }
    printf("%.0f rows/s, %.2f us of processor a row\n", (double)rows / (seconds() - began), (processor() - used) / (double)rows * 1e6);
    PQclear(runtime);
    PQfinish(connection);
    free(text);
    return 0;
}
