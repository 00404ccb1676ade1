namespace GpuDecodeBench.Measurement.Environment;

/// <summary>Whether one of the operating system's files can be read.</summary>
internal enum SystemFileState
{
    /// <summary>It was opened.</summary>
    Readable,

    /// <summary>There is no such file.</summary>
    Missing,

    /// <summary>Only other users may read it.</summary>
    Denied,

    /// <summary>It is there and the kernel does not give it.</summary>
    Failing,
}
