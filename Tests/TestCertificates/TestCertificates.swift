package import TLS

/// Certificates and keys for tests, good for a hundred years and for nothing else.
package enum TestCertificates {
    /// An authority, which has signed those of the others that no word is said of.
    package static let authority = """
        -----BEGIN CERTIFICATE-----
        MIIBmDCCAT+gAwIBAgIUbVyedy99gdNwwKMES1U1DCznOV0wCgYIKoZIzj0EAwIw
        GTEXMBUGA1UEAwwOVGVzdCBhdXRob3JpdHkwIBcNMjYxMTI2MDcyMTU3WhgPMjEy
        NjExMDIwNzIxNTdaMBkxFzAVBgNVBAMMDlRlc3QgYXV0aG9yaXR5MFkwEwYHKoZI
        zj0CAQYIKoZIzj0DAQcDQgAECdIDN/3F5/dpJzPKv5/WWiBlGXQGrZbRVnzR0rIJ
        y7YY0NYy53j4WN6vFHO4TerX91QI4am14AaiTmm5jf2Yo6NjMGEwHQYDVR0OBBYE
        FNXImuvUVqZyGVAs9igMl0Lnqp7cMB8GA1UdIwQYMBaAFNXImuvUVqZyGVAs9igM
        l0Lnqp7cMA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgIEMAoGCCqGSM49
        BAMCA0cAMEQCIGlFFwGcKyzJqTukpQBKrWEBoqhGWno4IZiysIzeYCzTAiBoc/uq
        wGiwHtb1nmtW3Ng4T324htEecpt0329BTw9P7g==
        -----END CERTIFICATE-----
        """

    package static let authorityKey = """
        -----BEGIN EC PRIVATE KEY-----
        MHcCAQEEIKamf66z2OuEqFLSwCtJ36Vbu2VudKnIYOi2Gjw3iD+UoAoGCCqGSM49
        AwEHoUQDQgAECdIDN/3F5/dpJzPKv5/WWiBlGXQGrZbRVnzR0rIJy7YY0NYy53j4
        WN6vFHO4TerX91QI4am14AaiTmm5jf2Yow==
        -----END EC PRIVATE KEY-----
        """

    /// For localhost, 127.0.0.1 and ::1.
    package static let server = """
        -----BEGIN CERTIFICATE-----
        MIIBtzCCAV6gAwIBAgIUO4Xc1iELEHcbr7P4beD5Ph5Lg3IwCgYIKoZIzj0EAwIw
        GTEXMBUGA1UEAwwOVGVzdCBhdXRob3JpdHkwIBcNMjYxMTI2MDcyMTU3WhgPMjEy
        NjExMDIwNzIxNTdaMBQxEjAQBgNVBAMMCWxvY2FsaG9zdDBZMBMGByqGSM49AgEG
        CCqGSM49AwEHA0IABCM4g2yohVOfGe/0A74TqN7VBIxiGacItZIo07IfXnvM0tc9
        FAshwiwdTXn03yUyyPBVUzjeJPpVzFR+P4EfmpWjgYYwgYMwLAYDVR0RBCUwI4IJ
        bG9jYWxob3N0hwR/AAABhxAAAAAAAAAAAAAAAAAAAAABMBMGA1UdJQQMMAoGCCsG
        AQUFBwMBMB0GA1UdDgQWBBSrFPUtRe15mjCF3SbW5rlkSJthATAfBgNVHSMEGDAW
        gBTVyJrr1FamchlQLPYoDJdC56qe3DAKBggqhkjOPQQDAgNHADBEAiAfBTct4FJ/
        /6QeRnTeN4x3seD+vnHnE7EOmNQh2LdufQIgdE+0zRiE7gfx15fxgrtXptVWmFc7
        zQm7z/w1tTZrLNY=
        -----END CERTIFICATE-----
        """

    package static let serverKey = """
        -----BEGIN EC PRIVATE KEY-----
        MHcCAQEEIA9d8i6U0MIrprIbRXE2XHyAbdEkNRUTXfvYsSrBHqUOoAoGCCqGSM49
        AwEHoUQDQgAEIziDbKiFU58Z7/QDvhOo3tUEjGIZpwi1kijTsh9ee8zS1z0UCyHC
        LB1NefTfJTLI8FVTON4k+lXMVH4/gR+alQ==
        -----END EC PRIVATE KEY-----
        """

    /// For the same, with another key.
    package static let renewed = """
        -----BEGIN CERTIFICATE-----
        MIIBozCCAUqgAwIBAgIUO4Xc1iELEHcbr7P4beD5Ph5Lg3MwCgYIKoZIzj0EAwIw
        GTEXMBUGA1UEAwwOVGVzdCBhdXRob3JpdHkwIBcNMjYxMTI2MDcyMTU3WhgPMjEy
        NjExMDIwNzIxNTdaMBQxEjAQBgNVBAMMCWxvY2FsaG9zdDBZMBMGByqGSM49AgEG
        CCqGSM49AwEHA0IABLRV0or5m9EevnWKv7xfVZGxqEKV9yDPEXmlClWbGcMLO423
        oqYoBfa16Oqv8MGUaw0jphwVGuyZMg4HH4zNfzyjczBxMBoGA1UdEQQTMBGCCWxv
        Y2FsaG9zdIcEfwAAATATBgNVHSUEDDAKBggrBgEFBQcDATAdBgNVHQ4EFgQUbrAy
        OtzA61l3NEBDkc5wGtay9P8wHwYDVR0jBBgwFoAU1cia69RWpnIZUCz2KAyXQueq
        ntwwCgYIKoZIzj0EAwIDRwAwRAIgFRtyg+sZysA5dkcyj4k2NrGcP/yX8eP2dfk4
        moqbUDcCIC2Ppkynv5+li8Sgpp87QXE6kVZ6WV5gXY+csS3LgnZL
        -----END CERTIFICATE-----
        """

    package static let renewedKey = """
        -----BEGIN EC PRIVATE KEY-----
        MHcCAQEEIJ7z+xoemX90oL7MUGAMuuAcDExNAqSygO0RwGKRd8KDoAoGCCqGSM49
        AwEHoUQDQgAEtFXSivmb0R6+dYq/vF9VkbGoQpX3IM8ReaUKVZsZwws7jbeipigF
        9rXo6q/wwZRrDSOmHBUa7JkyDgcfjM1/PA==
        -----END EC PRIVATE KEY-----
        """

    /// Of `scraper.example`, `ops@example.org`, `spiffe://example/scraper` and `192.0.2.7`.
    package static let client = """
        -----BEGIN CERTIFICATE-----
        MIIB1DCCAXugAwIBAgIUO4Xc1iELEHcbr7P4beD5Ph5Lg3QwCgYIKoZIzj0EAwIw
        GTEXMBUGA1UEAwwOVGVzdCBhdXRob3JpdHkwIBcNMjYxMTI2MDcyMTU3WhgPMjEy
        NjExMDIwNzIxNTdaMBIxEDAOBgNVBAMMB3NjcmFwZXIwWTATBgcqhkjOPQIBBggq
        hkjOPQMBBwNCAASVjoH6FQXIWQAgegikvF0LcNw7d9PCIP0zpr6IfoW3yKX7uNIy
        TbtRP8h86jvvL44OPRsEab7QgLACrdCGKPuZo4GlMIGiMEsGA1UdEQREMEKCD3Nj
        cmFwZXIuZXhhbXBsZYEPb3BzQGV4YW1wbGUub3JnhhhzcGlmZmU6Ly9leGFtcGxl
        L3NjcmFwZXKHBMAAAgcwEwYDVR0lBAwwCgYIKwYBBQUHAwIwHQYDVR0OBBYEFMUW
        /EeYiL1D9A07LMC/IYS9xpYOMB8GA1UdIwQYMBaAFNXImuvUVqZyGVAs9igMl0Ln
        qp7cMAoGCCqGSM49BAMCA0cAMEQCIHndxH9lByZyI5g5BPlWE85UWCLiBPz+sTbj
        yCuuCBzQAiAsVgu3iMmfb924tdmSoizqQXLisTcbcjK+Z6rr6Mf7XQ==
        -----END CERTIFICATE-----
        """

    package static let clientKey = """
        -----BEGIN EC PRIVATE KEY-----
        MHcCAQEEIC8hmU6T0die4oJBZ791euqZSXOk20E4AT7BzOYGKshsoAoGCCqGSM49
        AwEHoUQDQgAElY6B+hUFyFkAIHoIpLxdC3DcO3fTwiD9M6a+iH6Ft8il+7jSMk27
        UT/IfOo77y+ODj0bBGm+0ICwAq3Qhij7mQ==
        -----END EC PRIVATE KEY-----
        """

    /// Another authority, which nobody believes.
    package static let stranger = """
        -----BEGIN CERTIFICATE-----
        MIIBnjCCAUWgAwIBAgIUW7QbbTl+xOvG9OLh7BlHrTlhMJ8wCgYIKoZIzj0EAwIw
        HDEaMBgGA1UEAwwRQW5vdGhlciBhdXRob3JpdHkwIBcNMjYxMTI2MDcyMTU3WhgP
        MjEyNjExMDIwNzIxNTdaMBwxGjAYBgNVBAMMEUFub3RoZXIgYXV0aG9yaXR5MFkw
        EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEE9te8N8d5psLZXZBDik9LCx/DR4eERCZ
        EI1ilht/Syv3tNTRvtM6b2uYJV1hVYyx0a8edNjQljgMefaBavOiP6NjMGEwHQYD
        VR0OBBYEFG5LP6yjR0fl9MudjIERsW0brzGSMB8GA1UdIwQYMBaAFG5LP6yjR0fl
        9MudjIERsW0brzGSMA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgIEMAoG
        CCqGSM49BAMCA0cAMEQCIAjjVetgs+Y3gzhFJYMXu0Z7kwhJnuRQJC18dxqxh7ac
        AiAKFJA1LIf4YFQ4BLmXCrZhYOA3uvw5qZhx+wfOniStTw==
        -----END CERTIFICATE-----
        """

    /// Of `scraper.example`, signed by the other authority.
    package static let unknown = """
        -----BEGIN CERTIFICATE-----
        MIIBpTCCAUugAwIBAgIUBpQzCx0s69gud3fg3Gr+JiTrODcwCgYIKoZIzj0EAwIw
        HDEaMBgGA1UEAwwRQW5vdGhlciBhdXRob3JpdHkwIBcNMjYxMTI2MDcyMTU3WhgP
        MjEyNjExMDIwNzIxNTdaMBIxEDAOBgNVBAMMB3NjcmFwZXIwWTATBgcqhkjOPQIB
        BggqhkjOPQMBBwNCAAQgLb3WlGba9k3RpH/Rp9O9Uu0qzj3ZLGGZ+/tH0DNf/yHi
        oyDtB8DRl9B2saDMetd137tCYCWu35UMU/T6DhQYo3MwcTAaBgNVHREEEzARgg9z
        Y3JhcGVyLmV4YW1wbGUwEwYDVR0lBAwwCgYIKwYBBQUHAwIwHQYDVR0OBBYEFABZ
        4oTBNB73gfhGWWujIrpMVB6GMB8GA1UdIwQYMBaAFG5LP6yjR0fl9MudjIERsW0b
        rzGSMAoGCCqGSM49BAMCA0gAMEUCIHBZZ2r2T6kXtXhmljcG7HSDB9T4r2TO0/Ra
        Ayi+O3+7AiEAv5efqvuNSro7C9ry+1Ooq2ionUbILK+t9/DbIuGMmzk=
        -----END CERTIFICATE-----
        """

    package static let unknownKey = """
        -----BEGIN EC PRIVATE KEY-----
        MHcCAQEEIGt5OZZiDDFdprf6S8auSqLcB5wXjutP0oYOr9PsYJD6oAoGCCqGSM49
        AwEHoUQDQgAEIC291pRm2vZN0aR/0afTvVLtKs492Sxhmfv7R9AzX/8h4qMg7QfA
        0ZfQdrGgzHrXdd+7QmAlrt+VDFP0+g4UGA==
        -----END EC PRIVATE KEY-----
        """

    /// What a server that shows the first certificate is configured by.
    package static var serverConfiguration: TLSServerConfiguration {
        TLSServerConfiguration(certificate: .inline(Array(server.utf8)), key: .inline(Array(serverKey.utf8)))
    }

    /// A client that believes the authority.
    package static var clientConfiguration: TLSClientConfiguration {
        var configuration = TLSClientConfiguration()
        configuration.authorities = .inline(Array(authority.utf8))
        return configuration
    }
}
