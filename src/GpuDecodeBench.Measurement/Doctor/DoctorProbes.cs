namespace GpuDecodeBench.Measurement.Doctor;

/// <summary>What is measured for checks, in the order in which it is. What the driver and the system say is read always.</summary>
[Flags]
public enum DoctorProbes
{
    /// <summary>Nothing beyond what is read.</summary>
    None = 0,

    /// <summary>The test of memory.</summary>
    Memory = 1,

    /// <summary>The ceilings: reading, and matrix products where the device has such a ceiling.</summary>
    Ceilings = 2,

    /// <summary>Reading by working-set size.</summary>
    Sweep = 4,

    /// <summary>Copies between host and device.</summary>
    Copies = 8,

    /// <summary>Repeated short kernels.</summary>
    ShortKernels = 16,

    /// <summary>The load, and what sensors say meanwhile.</summary>
    Load = 32,
}
