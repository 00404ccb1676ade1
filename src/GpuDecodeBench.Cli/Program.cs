using GpuDecodeBench.Cli;

return CommandLineProgram.Run(args, CancellationSource.ForTerminal());
