import LoadTestKit

LoadTestProgram.main()
