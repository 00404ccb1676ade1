using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;
using GpuDecodeBench.Benchmarks;
using GpuDecodeBench.Benchmarks.Cold;

if (args is ["cold", .. var rest])
{
    return ColdCommand.Run(rest);
}

if (args is ["ptx"])
{
    return PtxThroughput.Run();
}

if (args is ["telemetry"])
{
    return TelemetryCost.Run();
}

if (args is ["sampling"])
{
    return SamplingCost.Run();
}

BenchmarkSwitcher
    .FromAssembly(typeof(MatVecBenchmarks).Assembly)
    .Run(args, DefaultConfig.Instance.AddColumn(new GigabytesPerSecondColumn()));
return 0;
