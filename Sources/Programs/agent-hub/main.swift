import Hub

HubProgram.main()
