namespace GpuDecodeBench.Economics.Decisions;

/// <summary>A way to serve a model that is out of the question.</summary>
/// <param name="Device">The device.</param>
/// <param name="Formats">Formats of weights and cache.</param>
/// <param name="Code">The reason's code.</param>
/// <param name="Reason">The reason in words.</param>
public sealed record ExcludedChoice(string Device, string Formats, string Code, string Reason)
{
    /// <summary>No bandwidth of the device is known, so nothing can be predicted.</summary>
    public const string NoBandwidth = "noBandwidth";

    /// <summary>No arithmetic rate of the device is known, so no step's time is: memory's time alone would flatter every larger batch.</summary>
    public const string NoArithmeticRate = "noArithmeticRate";

    /// <summary>No memory size of the device is known, so nothing says whether a model fits.</summary>
    public const string NoMemory = "noMemory";

    /// <summary>The cost is not known; mostly there is no price.</summary>
    public const string NoPrice = "noPrice";

    /// <summary>The traffic has input tokens, and how fast the device takes them in is not known.</summary>
    public const string NoInputRate = "noInputRate";

    /// <summary>Not one sequence fits the devices.</summary>
    public const string DoesNotFit = "doesNotFit";

    /// <summary>Not one sequence is decoded within the limit.</summary>
    public const string TooSlow = "tooSlow";

    /// <summary>Nothing is known of the link between several devices.</summary>
    public const string NoLink = "noLink";

    /// <summary>The model cannot be split over so many devices.</summary>
    public const string CannotSplit = "cannotSplit";

    /// <summary>The measured point may not be used.</summary>
    public const string Invalid = "invalidPoint";

    /// <summary>The device lowered its clocks while the point was measured.</summary>
    public const string Throttled = "throttledPoint";
}
