import Testing

@testable import AsyncHTTP

@Suite("Client: redirects")
struct RedirectTests {
    private static func redirect(_ location: String, _ status: String = "302 Found") -> String {
        answer("elsewhere", "Location: \(location)", status: status)
    }

    @Test(
        "a location on the same host is asked for next",
        arguments: [
            ("/there", "/there"), ("/there?x=1#part", "/there?x=1"), ("there", "/a/there"), ("./", "/a/"),
            ("../up", "/up"),
            ("?y=2", "/a/b?y=2"), ("http://127.0.0.1:PORT/abs", "/abs"), ("HTTP://127.0.0.1:PORT", "/"),
            ("//127.0.0.1:PORT/net", "/net"), ("there?u=http://other/", "/a/there?u=http://other/"),
        ]
    )
    func followed(location: String, target: String) throws {
        let (fetched, log) = try withClient { server in
            let socket = try server.accept()
            let port = "\(server.port)"
            try server.answer(
                socket,
                Self.redirect(
                    location.split(separator: "PORT", omittingEmptySubsequences: false).joined(separator: port)
                )
            )
            try server.answer(socket, answer("there"))
        } _: { client, _ in
            await client.fetch(.get, "/a/b?x=1")
        }
        #expect(fetched == .answer(200, "there"))
        #expect(log.dropFirst(2).first?.hasPrefix("GET \(target) HTTP/1.1") == true, "\(log)")
    }

    @Test("every redirecting status is followed, for GET and HEAD only")
    func statuses() throws {
        let statuses = ["301 a", "302 a", "303 a", "307 a", "308 a"]
        let (fetched, _) = try withClient { server in
            let socket = try server.accept()
            for status in statuses {
                try server.answer(socket, Self.redirect("/there", status))
                try server.answer(socket, answer("there"))
            }
            try server.answer(socket, Self.redirect("/there"))
            try server.answer(socket, Self.redirect("/there", "300 a"))
            try server.answer(socket, answer("no location", status: "302 Found"))
        } _: { client, _ in
            var all: [Fetched] = []
            for _ in statuses { all.append(await client.fetch()) }
            return all + [await client.fetch(.post), await client.fetch(), await client.fetch()]
        }
        let end = [(302, "elsewhere"), (300, "elsewhere"), (302, "no location")].map(Fetched.answer)
        #expect(fetched == statuses.map { _ in .answer(200, "there") } + end)
    }

    @Test(
        "a location elsewhere is an error that names it, and nothing goes there",
        arguments: [
            "http://example.com/x", "http://127.0.0.1:1/", "https://127.0.0.1/", "//example.com/", "mailto:a@b",
            "a b://", "http://127.0.0.1/a\"b",
        ]
    )
    func elsewhere(location: String) throws {
        let (error, _) = try withClient { server in
            try server.answer(try server.accept(), Self.redirect(location))
        } _: { client, _ in
            await client.failure()
        }
        #expect(error?.kind == .redirect)
        #expect(error?.detail.contains(location) == true)
    }

    @Test(
        "a user and a password in a location are not repeated",
        arguments: [
            "http://u:hunter2@h/", "//u:hunter2@h/x", "http://u:hunter2/hunter2@h/", "https://hunter2@127.0.0.1/",
        ]
    )
    func userInformation(location: String) throws {
        let (error, _) = try withClient { server in
            try server.answer(try server.accept(), Self.redirect(location))
        } _: { client, _ in
            await client.failure()
        }
        #expect(error?.kind == .redirect)
        #expect(error?.detail.contains("hunter2") == false)
        #expect(error?.detail.contains("sends us to …@") == true)
    }

    @Test("three in a row are followed and a fourth is an error")
    func loop() throws {
        for (count, expected) in [(3, Fetched.answer(200, "end")), (4, .failure(.redirect))] {
            let (fetched, _) = try withClient { server in
                let socket = try server.accept()
                for number in 0..<count { try server.answer(socket, Self.redirect("/\(number)")) }
                if count == 3 { try server.answer(socket, answer("end")) }
            } _: { client, _ in
                await client.fetch()
            }
            #expect(fetched == expected)
        }
    }
}
