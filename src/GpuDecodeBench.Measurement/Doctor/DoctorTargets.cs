namespace GpuDecodeBench.Measurement.Doctor;

/// <summary>The kinds of device that a check is for.</summary>
[Flags]
public enum DoctorTargets
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>GPUs, emulated ones included.</summary>
    Gpu = 1,

    /// <summary>The host's processor.</summary>
    Cpu = 2,

    /// <summary>Both.</summary>
    All = Gpu | Cpu,
}
