using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Parameters;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Benchmarks;

/// <summary>Bytes that an operation must read, by the format's own layout, over its mean time. GB are 1e9 bytes.</summary>
internal sealed class GigabytesPerSecondColumn : IColumn
{
    public string Id => nameof(GigabytesPerSecondColumn);

    public string ColumnName => "GB/s";

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public string Legend => "Weight or KV bytes read per second (1 GB = 1e9 bytes)";

    public bool IsAvailable(Summary summary) => true;

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase) =>
        GetValue(summary, benchmarkCase, SummaryStyle.Default);

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style)
    {
        double? nanoseconds = summary[benchmarkCase]?.ResultStatistics?.Mean;
        return nanoseconds is double mean
            ? (ReadBytes(benchmarkCase) / mean).ToString("0.00", CultureInfo.InvariantCulture)
            : "?";
    }

    private static double ReadBytes(BenchmarkCase benchmarkCase)
    {
        ParameterInstances parameters = benchmarkCase.Parameters;
        return benchmarkCase.Descriptor.Type == typeof(MatVecBenchmarks)
            ? MatVecBenchmarks.ReadBytes((WeightFormat)parameters[nameof(MatVecBenchmarks.Format)])
            : PagedAttentionBenchmarks.ReadBytes(
                (KvFormat)parameters[nameof(PagedAttentionBenchmarks.Format)],
                (int)parameters[nameof(PagedAttentionBenchmarks.Context)],
                (int)parameters[nameof(PagedAttentionBenchmarks.Batch)]
            );
    }
}
