using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;
using GpuDecodeBench.Benchmarks;

BenchmarkSwitcher
    .FromAssembly(typeof(MatVecBenchmarks).Assembly)
    .Run(args, DefaultConfig.Instance.AddColumn(new GigabytesPerSecondColumn()));
