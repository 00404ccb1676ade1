using System.Diagnostics;
using GpuDecodeBench.Backends;
using GpuDecodeBench.Backends.Native;
using GpuDecodeBench.Measurement.Telemetry;
using GpuDecodeBench.Measurement.Telemetry.Nvml;
using GpuDecodeBench.Tests.Shared;

namespace GpuDecodeBench.Benchmarks;

/// <summary>
/// What one sample of NVML costs this program, against a stand-in for the library that answers at once: the share of it that is
/// ours. A real library takes tens of microseconds or more for each call.
/// </summary>
internal static class TelemetryCost
{
    private const int Turns = 21;
    private const int SamplesOfTurn = 10_000;
    private const string FileName = "libnvidia-ml.so.1";

    public static int Run()
    {
        if (StandInCompiler.WhyUnavailable is string whyNot)
        {
            Console.Error.WriteLine($"Nothing is measured: {whyNot}.");
            return 3;
        }

        string folder = Directory.CreateTempSubdirectory("nvml-stand-in-").FullName;
        try
        {
            StandInCompiler.Compile(
                Path.Combine(AppContext.BaseDirectory, "nvml_stand_in.c"),
                Path.Combine(folder, FileName),
                "-DSILENT"
            );
            Measure(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    }

    private static void Measure(string folder)
    {
        var gpu = new DeviceDescription
        {
            Id = "cuda:0",
            Name = "Stand-in",
            Backend = "cuda",
            PciBusId = "0000:65:00.0",
        };
        NativeLibrarySearch search = NvidiaLibraries.Management(FileName, [folder]) with { HasSystemSearch = false };
        using ITelemetrySource source = NvmlTelemetry.Open(gpu, search);
        double[] microseconds = new double[Turns];
        long allocated = 0;
        for (int turn = 0; turn < Turns; turn++)
        {
            allocated = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < SamplesOfTurn; i++)
            {
                source.Read();
            }

            microseconds[turn] = Stopwatch.GetElapsedTime(start).TotalMicroseconds / SamplesOfTurn;
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        }

        Array.Sort(microseconds);
        Console.WriteLine(
            $"{source.Name}, {source.Read().FailureCode ?? "every quantity read"}: median {microseconds[Turns / 2]:F2} µs a sample, fastest turn {microseconds[0]:F2} µs, {allocated} bytes allocated in {SamplesOfTurn} samples"
        );
    }
}
