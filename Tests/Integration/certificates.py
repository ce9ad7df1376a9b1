"""A small PKI for tests, made anew by the openssl command: authorities, and certificates that are good or wrong in one way.

    with Certificates() as pki:
        pki.server.certificate, pki.server.key  # paths of PEM files

Each has a key of its own, but for the two with RSA, which share one.
"""

import dataclasses
import datetime
import os
import subprocess
import tempfile

LOCAL = "DNS:localhost,IP:127.0.0.1,IP:::1"
# What a client can say that it is, by the kind of name.
NAMES = {
    "dns": "DNS:scraper.test",
    "ip": "IP:127.0.0.1",
    "email": "email:scraper@agents.test",
    "uri": "URI:spiffe://agents.test/scraper",
}
# Nothing of it comes from this machine's own configuration.
CONFIGURATION = """
[req]
distinguished_name = subject
[subject]
[ca]
default_ca = past
[past]
database = {directory}/issued.txt
new_certs_dir = {directory}
rand_serial = yes
default_md = sha256
policy = policy
[policy]
commonName = supplied
"""


@dataclasses.dataclass(frozen=True)
class Pair:
    """A certificate and its key, by the paths of their files."""

    certificate: str
    key: str


def openssl(*arguments):
    run = subprocess.run(["openssl", *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if run.returncode != 0:
        raise RuntimeError(f"openssl {' '.join(arguments)}: {run.stdout}{run.stderr}")
    return run.stdout


class Certificates:
    """All of them in one temporary directory, which is gone when it is closed."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="certificates-")
        self.configuration = self.path("openssl.cnf")
        with open(self.configuration, "w") as file:
            file.write(CONFIGURATION.format(directory=self.folder.name))
        open(self.path("issued.txt"), "w").close()

        # It takes longer than all others together, so it is made beside them.
        rsa = self.path("rsa.key")
        making = subprocess.Popen(["openssl", "genrsa", "-out", rsa, "2048"], stderr=subprocess.DEVNULL)

        self.authority = self.make_authority("authority")
        self.other_authority = self.make_authority("other_authority")

        self.server = self.make_server("server")
        self.renewed_server = self.make_server("renewed_server")
        self.expired_server = self.make_server("expired_server", days=(-2, -1))
        self.elsewhere_server = self.make_server("elsewhere_server", names="DNS:elsewhere.test")
        self.foreign_server = self.make_server("foreign_server", authority=self.other_authority)

        self.client = self.make_client("client", names=",".join(NAMES.values()))
        self.dns_client = self.make_client("dns_client", names=NAMES["dns"])
        self.ip_client = self.make_client("ip_client", names=NAMES["ip"])
        self.email_client = self.make_client("email_client", names=NAMES["email"])
        self.uri_client = self.make_client("uri_client", names=NAMES["uri"])
        self.expired_client = self.make_client("expired_client", days=(-2, -1))
        self.foreign_client = self.make_client("foreign_client", authority=self.other_authority)

        if making.wait() != 0:
            raise RuntimeError("openssl genrsa failed")
        self.rsa_server = self.make_server("rsa_server", key=rsa)
        self.rsa_client = self.make_client("rsa_client", key=rsa)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.folder.cleanup()

    def path(self, name):
        return os.path.join(self.folder.name, name)

    # More, for a test that wants one of its own.

    def make_authority(self, name):
        return self.make(name, ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign"])

    def make_server(self, name, names=LOCAL, authority=None, **others):
        return self.make_leaf(name, names, "serverAuth", authority, **others)

    def make_client(self, name, names=NAMES["dns"], authority=None, **others):
        return self.make_leaf(name, names, "clientAuth", authority, **others)

    def make_leaf(self, name, names, use, authority, **others):
        extensions = [
            "basicConstraints=critical,CA:FALSE",
            "keyUsage=critical,digitalSignature",
            f"extendedKeyUsage={use}",
            f"subjectAltName={names}",
            "authorityKeyIdentifier=keyid",
        ]
        return self.make(name, extensions, authority or self.authority, **others)

    def make(self, name, extensions, authority=None, key=None, days=None):
        """A certificate, which signs itself without an authority. `days`: from when until when, counted from now."""
        pair = Pair(self.path(f"{name}.pem"), key or self.path(f"{name}.key"))
        extensions = [*extensions, "subjectKeyIdentifier=hash"]
        request = ["req", "-config", self.configuration, "-batch", "-subj", f"/CN={name}", "-nodes"]
        request += ["-key", key] if key else ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-keyout", pair.key]
        if days:
            self.make_at_another_time(pair, request, extensions, authority, days)
            return pair
        request += ["-x509", "-days", "30", "-out", pair.certificate]
        if authority:
            request += ["-CA", authority.certificate, "-CAkey", authority.key]
        openssl(*request, *(part for extension in extensions for part in ("-addext", extension)))
        return pair

    def make_at_another_time(self, pair, request, extensions, authority, days):
        """What `openssl req` cannot do: it counts from now."""
        asked, extension_file = f"{pair.certificate}.request", f"{pair.certificate}.extensions"
        openssl(*request, "-new", "-out", asked)
        with open(extension_file, "w") as file:
            file.write("\n".join(extensions))
        now = datetime.datetime.now(datetime.timezone.utc)
        start, end = ((now + datetime.timedelta(days=day)).strftime("%Y%m%d%H%M%SZ") for day in days)
        openssl(
            "ca", "-config", self.configuration, "-batch", "-notext", "-in", asked, "-out", pair.certificate,
            "-cert", authority.certificate, "-keyfile", authority.key, "-extfile", extension_file,
            "-startdate", start, "-enddate", end,
        )  # fmt: skip
