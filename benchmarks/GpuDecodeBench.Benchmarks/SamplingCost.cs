using GpuDecodeBench.Backends;
using GpuDecodeBench.Backends.Cpu;
using GpuDecodeBench.Measurement.Environment;
using GpuDecodeBench.Measurement.Runs;
using GpuDecodeBench.Measurement.Statistics;
using GpuDecodeBench.Measurement.Telemetry.Recording;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Benchmarks;

/// <summary>
/// What sampling costs the steps that it watches: CPU steps with and without a recorder in turns, in changing order, the sampling
/// thread on the same cores. The worst case: on a GPU the steps run elsewhere.
/// </summary>
internal static class SamplingCost
{
    private const int Pairs = 40;
    private const double TurnSeconds = 0.5;
    private const double ReadSeconds = 100e-6;
    private const double UpdateSeconds = 0.1;

    public static int Run()
    {
        using IDecodeDevice device = new CpuBackend(new HostInformation(EnvironmentCapture.Capture(null))).Open("cpu");
        ModelShape model = ModelCatalogue.Resolve("llama-3.2-1b");
        var conditions = new PointConditions(WeightFormat.Int8, WeightFormat.Int8, KvFormat.Bf16, 1, 256);
        using IDeviceModel loaded = device.LoadModel(
            conditions.Plan(model, device.Activations, 4),
            1,
            null,
            CancellationToken.None
        );
        using IDecodeSession session = loaded.OpenSession(
            conditions.Plan(model, device.Activations, 4),
            CancellationToken.None
        );
        session.RunSteps(5);
        var with = new List<double>();
        var without = new List<double>();
        var ratios = new List<double>();
        double cost = 0;
        using var source = new BusyTelemetrySource(UpdateSeconds, ReadSeconds);
        for (int pair = 0; pair < Pairs; pair++)
        {
            using var recorder = new TelemetryRecorder(source, new SystemTelemetryTime());
            double[] watched;
            double[] alone;
            if (pair % 2 == 0)
            {
                watched = Watched(session, recorder);
                alone = Turn(session);
            }
            else
            {
                alone = Turn(session);
                watched = Watched(session, recorder);
            }

            with.AddRange(watched);
            without.AddRange(alone);
            ratios.Add(OrderStatistics.MedianOf(watched) / OrderStatistics.MedianOf(alone));
            cost += (recorder.CostShare ?? 0) / Pairs;
        }

        RatioInterval ratio = RatioInterval.Between(with, without);
        Console.WriteLine(
            $"source: {source.Description}, every {UpdateSeconds * 1e3:0} ms; {Pairs} pairs of turns of {TurnSeconds} s"
        );
        Console.WriteLine($"time in reads over time recorded: {cost:P3}");
        Console.WriteLine(
            $"steps: {with.Count} watched, {without.Count} alone, median {OrderStatistics.MedianOf(without) * 1e3:0.00} ms"
        );
        Console.WriteLine(
            $"watched over alone, all steps: {ratio.Ratio:0.0000}, 95 % {ratio.Ci95Low:0.0000} to {ratio.Ci95High:0.0000}"
        );
        Console.WriteLine($"watched over alone, median of the pairs: {OrderStatistics.MedianOf(ratios):0.0000}");
        return 0;
    }

    private static double[] Watched(IDecodeSession session, TelemetryRecorder recorder)
    {
        recorder.Start();
        double[] steps = Turn(session);
        recorder.Stop();
        return steps;
    }

    private static double[] Turn(IDecodeSession session)
    {
        var steps = new List<double>();
        while (steps.Sum() < TurnSeconds)
        {
            steps.Add(session.RunStep());
        }

        return [.. steps];
    }
}
