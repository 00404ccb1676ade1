using GpuDecodeBench.Measurement.Doctor;

namespace GpuDecodeBench.Measurement.Tests.Runs;

/// <summary>A host of two processors whose counters are what a test sets.</summary>
internal sealed class ScriptedHost : IHostReader
{
    public HostCounters Counters { get; set; } = new() { Seconds = 100 };

    public int Readings { get; private set; }

    public HostCounters ReadCounters()
    {
        Readings++;
        return Counters;
    }

    public HostObservation Read() =>
        new()
        {
            Before = Counters,
            LogicalProcessors = 2,
            UsableProcessors = 2,
        };
}
