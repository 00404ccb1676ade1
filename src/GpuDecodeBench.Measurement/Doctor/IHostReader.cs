namespace GpuDecodeBench.Measurement.Doctor;

/// <summary>Reads what the operating system says of the host.</summary>
public interface IHostReader
{
    /// <summary>The counters as they are now.</summary>
    HostCounters ReadCounters();

    /// <summary>What does not change while the doctor works, with the counters as they are now.</summary>
    HostObservation Read();
}
