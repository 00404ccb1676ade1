using System.Diagnostics;
using GpuDecodeBench.Ptx;

namespace GpuDecodeBench.Benchmarks;

/// <summary>Thread instructions per second of the PTX emulator on a matrix-vector product as a compiler makes it.</summary>
internal static class PtxThroughput
{
    private const int Rows = 2000;
    private const int Columns = 4096;
    private const int Repetitions = 5;

    public static int Run()
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "basic.ptx"));
        foreach (var checks in new[] { true, false })
        {
            Measure(text, workers: 1, checks);
        }
        Measure(text, Environment.ProcessorCount, checks: true);
        return 0;
    }

    private static void Measure(string text, int workers, bool checks)
    {
        var kernel = PtxModule.Parse(text).Kernels["matvec"];
        using var device = new EmulatedDevice(
            new()
            {
                Workers = workers,
                CheckRaces = checks,
                CheckUninitialisedReads = checks,
            }
        );
        var memory = device.GlobalMemory;
        var parameters = new byte[kernel.ParameterBytes];
        var sizes = new long[] { (long)Rows * Columns, Rows * 4, Columns * 2, Rows * 4 };
        var labels = new[] { "weights", "scales", "x", "output" };
        for (var i = 0; i < sizes.Length; i++)
        {
            var address = memory.Allocate(sizes[i], labels[i]);
            memory.Fill(address, 0, sizes[i]);
            BitConverter.TryWriteBytes(parameters.AsSpan(8 * i), address);
        }
        BitConverter.TryWriteBytes(parameters.AsSpan(32), Columns);
        double best = 0;
        for (var i = 0; i < Repetitions; i++)
        {
            var start = Stopwatch.GetTimestamp();
            var counters = device.Launch(kernel, new(Rows), new(256), 0, parameters, CancellationToken.None);
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            best = Math.Max(best, counters.TotalThreadInstructions / seconds);
        }
        Console.WriteLine(
            $"{workers} worker(s), checks {(checks ? "on" : "off")}: {best / 1e6:F0} million thread instructions per second"
        );
    }
}
