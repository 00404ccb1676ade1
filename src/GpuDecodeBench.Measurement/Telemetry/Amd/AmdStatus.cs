namespace GpuDecodeBench.Measurement.Telemetry.Amd;

/// <summary>What a call answered, in terms common to both libraries; reason codes are made of the names.</summary>
internal enum AmdStatus
{
    /// <summary>It did what was asked.</summary>
    Success,

    /// <summary>The library has no such function.</summary>
    SymbolMissing,

    /// <summary>The library's structure is not known for this version.</summary>
    UnknownLayout,

    /// <summary>The sensor's answer is "not available".</summary>
    NotAvailable,

    /// <summary>This device, or its driver, does not tell it.</summary>
    NotSupported,

    /// <summary>Only the superuser, or members of the groups render and video, may ask.</summary>
    PermissionDenied,

    /// <summary>The device is not there, or no longer.</summary>
    DeviceLost,

    /// <summary>The kernel driver is not loaded.</summary>
    DriverNotLoaded,

    /// <summary>The library could not start.</summary>
    InitializationFailed,

    /// <summary>Somebody else holds the device; the next call may succeed.</summary>
    Busy,

    /// <summary>No answer in time.</summary>
    Timeout,

    /// <summary>The driver has nothing to say.</summary>
    NoData,

    /// <summary>The driver said something that the library does not understand.</summary>
    UnexpectedData,

    /// <summary>One of the driver's files could not be read.</summary>
    FileError,

    /// <summary>The library did not accept the question.</summary>
    InvalidArgument,

    /// <summary>Anything else.</summary>
    Failed,
}
