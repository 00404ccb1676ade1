namespace GpuDecodeBench.Measurement.Telemetry.Amd;

/// <summary>Reason codes for what an AMD library does not tell: <c>amdsmi.notSupported</c>, <c>rocmsmi.deviceLost</c> and so on.</summary>
internal static class AmdReasons
{
    /// <summary>No management library could be loaded.</summary>
    public const string LibraryMissing = "amd.libraryMissing";

    // Made once, so that a failing sample allocates nothing.
    private static readonly string[] AmdSmi = Codes("amdsmi");
    private static readonly string[] RocmSmi = Codes("rocmsmi");

    /// <summary>The code of an answer; null for success.</summary>
    public static string? Code(AmdLibraryKind kind, AmdStatus status) =>
        status == AmdStatus.Success ? null
        : kind == AmdLibraryKind.AmdSmi ? AmdSmi[(int)status]
        : RocmSmi[(int)status];

    /// <summary>What an answer means and what would help, in a sentence.</summary>
    public static string Detail(AmdStatus status) =>
        status switch
        {
            AmdStatus.SymbolMissing => "The installed library has no such function: update ROCm.",
            AmdStatus.UnknownLayout => "The structure of this library version is not known, and it is not guessed.",
            AmdStatus.NotAvailable => "The card's sensor answers \"not available\".",
            AmdStatus.NotSupported =>
                "This card or its driver does not tell it; guests of a virtual machine see little.",
            AmdStatus.PermissionDenied => "Run as root, or as a member of the groups render and video.",
            AmdStatus.DeviceLost => "The card does not answer any more, or is not visible here.",
            AmdStatus.DriverNotLoaded => "The kernel module amdgpu is not loaded.",
            AmdStatus.InitializationFailed =>
                "The library could not start: is the kernel module amdgpu loaded, and /dev/kfd visible here?",
            AmdStatus.Busy => "Another program holds the card's sensors.",
            AmdStatus.Timeout => "The card did not answer in time.",
            AmdStatus.NoData => "The driver has no data on it.",
            AmdStatus.UnexpectedData => "The driver said something that the library does not understand: update ROCm.",
            AmdStatus.FileError => "The library could not read one of the driver's files.",
            AmdStatus.InvalidArgument => "The library did not accept the question.",
            _ => "The library failed without a cause that is known.",
        };

    /// <summary>A reading without a value.</summary>
    public static Reading<T> Unavailable<T>(AmdLibraryKind kind, AmdStatus status) =>
        Reading.Unavailable<T>(Code(kind, status)!, Detail(status));

    private static string[] Codes(string library) =>
        [.. Enum.GetNames<AmdStatus>().Select(name => $"{library}.{char.ToLowerInvariant(name[0])}{name[1..]}")];
}
