#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

// What OpenSSL has as macros, and its lists, for those who do not speak C.

static inline int copenssl_set_versions(SSL_CTX *context, int least, int greatest) {
    return SSL_CTX_set_min_proto_version(context, least) && SSL_CTX_set_max_proto_version(context, greatest);
}

static inline int copenssl_set_curves(SSL_CTX *context, const char *names) {
    return SSL_CTX_set1_groups_list(context, names) == 1;
}

// Records may be tried again from other memory; an idle connection keeps no buffers; one read takes a record's head, its rest and
// what follows; no sessions are kept; nothing is agreed on anew in the midst of a connection, and nothing compressed.
static inline void copenssl_set_up(SSL_CTX *context) {
    SSL_CTX_set_mode(
        context, SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
}

// Whoever is named as believed is, also when somebody else has signed it.
static inline void copenssl_trust_as_named(SSL_CTX *context) {
    X509_STORE_set_flags(SSL_CTX_get_cert_store(context), X509_V_FLAG_PARTIAL_CHAIN);
}

static inline void copenssl_prefer_own_order(SSL_CTX *context) {
    SSL_CTX_set_options(context, SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
}

// A request says how long it is: that its peer ends without a goodbye cuts nothing off.
static inline void copenssl_tolerate_cuts(SSL_CTX *context) {
    SSL_CTX_set_options(context, SSL_OP_IGNORE_UNEXPECTED_EOF);
}

// The context owns the certificate afterwards, when it has taken it.
static inline int copenssl_add_to_chain(SSL_CTX *context, X509 *certificate) {
    return SSL_CTX_add0_chain_cert(context, certificate) == 1;
}

static inline int copenssl_set_server_name(SSL *connection, const char *name) {
    return SSL_set_tlsext_host_name(connection, name) == 1;
}

static inline void copenssl_retry_read(BIO *bio) {
    BIO_set_retry_read(bio);
}

static inline void copenssl_retry_write(BIO *bio) {
    BIO_set_retry_write(bio);
}

static inline void copenssl_clear_retry(BIO *bio) {
    BIO_clear_retry_flags(bio);
}

static inline BIO *copenssl_memory(const void *bytes, int count) {
    return BIO_new_mem_buf(bytes, count);
}

// Nobody is to be asked for a passphrase on a terminal.
static inline int copenssl_no_passphrase(char *buffer, int size, int isWriting, void *context) {
    (void)buffer, (void)size, (void)isWriting, (void)context;
    return -1;
}

static inline EVP_PKEY *copenssl_read_key(BIO *bio) {
    return PEM_read_bio_PrivateKey(bio, NULL, copenssl_no_passphrase, NULL);
}

static inline X509 *copenssl_read_certificate(BIO *bio) {
    return PEM_read_bio_X509(bio, NULL, copenssl_no_passphrase, NULL);
}

// Whether the last failure to read PEM only says that there is no more of it.
static inline int copenssl_is_at_end_of_pem(void) {
    unsigned long error = ERR_peek_last_error();
    return ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
}

// The names that a server may tell its clients' authorities by.
static inline int copenssl_add_client_authority(SSL_CTX *context, X509 *certificate) {
    return SSL_CTX_add_client_CA(context, certificate) == 1;
}

// The text of an alternative name; 0 when there is no such one, -1 when it is of a kind that has no text here.
static inline int copenssl_alternative_name(const GENERAL_NAMES *names, int index, char *text, int size) {
    if (index >= sk_GENERAL_NAME_num(names)) return 0;
    const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, index);
    const ASN1_STRING *string = NULL;
    switch (name->type) {
    case GEN_DNS: string = name->d.dNSName; break;
    case GEN_EMAIL: string = name->d.rfc822Name; break;
    case GEN_URI: string = name->d.uniformResourceIdentifier; break;
    case GEN_IPADD: {
        int length = ASN1_STRING_length(name->d.iPAddress);
        int family = length == 4 ? AF_INET : length == 16 ? AF_INET6 : 0;
        if (!family || !inet_ntop(family, ASN1_STRING_get0_data(name->d.iPAddress), text, (socklen_t)size)) return -1;
        return (int)strlen(text);
    }
    default: return -1;
    }
    int length = ASN1_STRING_length(string);
    if (length <= 0 || length >= size) return -1;
    memcpy(text, ASN1_STRING_get0_data(string), (size_t)length);
    text[length] = 0;
    return length;
}

static inline GENERAL_NAMES *copenssl_alternative_names(const X509 *certificate) {
    return (GENERAL_NAMES *)X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
}

// The end of a certificate's validity in seconds since 1970; -1 when it cannot be told.
static inline long long copenssl_end_of_validity(const X509 *certificate) {
    struct tm end;
    if (!ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end)) return -1;
    return (long long)timegm(&end);
}

static const unsigned char copenssl_protocols[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

// A peer that names protocols, and not this one, wants something else (RFC 7301 section 3.2).
static inline int copenssl_choose_protocol(
    SSL *connection, const unsigned char **chosen, unsigned char *length, const unsigned char *offered, unsigned int count,
    void *context) {
    (void)connection, (void)context;
    unsigned char *found = NULL;
    int outcome = SSL_select_next_proto(
        &found, length, copenssl_protocols, sizeof copenssl_protocols, offered, count);
    if (outcome != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_ALERT_FATAL;
    *chosen = found;
    return SSL_TLSEXT_ERR_OK;
}

static inline void copenssl_take_http1(SSL_CTX *context) {
    SSL_CTX_set_alpn_select_cb(context, copenssl_choose_protocol, NULL);
}

static inline int copenssl_ask_for_http1(SSL_CTX *context) {
    return SSL_CTX_set_alpn_protos(context, copenssl_protocols, sizeof copenssl_protocols) == 0;
}
