namespace GpuDecodeBench.Economics;

/// <summary>
/// The five conditions without which no cost is shown: model, precision, context, batch and utilisation, hardware. Conditions
/// that leave one open cannot be made.
/// </summary>
public sealed record CostConditions
{
    /// <summary>The model's name.</summary>
    /// <exception cref="ArgumentException">Blank.</exception>
    public required string Model
    {
        get;
        init => field = Text(value, nameof(Model));
    }

    /// <summary>The weight format's name.</summary>
    /// <exception cref="ArgumentException">Blank.</exception>
    public required string Weights
    {
        get;
        init => field = Text(value, nameof(Weights));
    }

    /// <summary>The LM head's format.</summary>
    /// <exception cref="ArgumentException">Blank.</exception>
    public required string LmHead
    {
        get;
        init => field = Text(value, nameof(LmHead));
    }

    /// <summary>The KV format's name.</summary>
    /// <exception cref="ArgumentException">Blank.</exception>
    public required string Kv
    {
        get;
        init => field = Text(value, nameof(Kv));
    }

    /// <summary>Tokens of context of each sequence; at least 1.</summary>
    /// <exception cref="ArgumentException">Not positive.</exception>
    public required int ContextTokens
    {
        get;
        init => field = AtLeastOne(value, nameof(ContextTokens));
    }

    /// <summary>Sequences decoded together; at least 1.</summary>
    /// <exception cref="ArgumentException">Not positive.</exception>
    public required int Batch
    {
        get;
        init => field = AtLeastOne(value, nameof(Batch));
    }

    /// <summary>The fraction of paid time in which the hardware does this work, above 0 and at most 1.</summary>
    /// <exception cref="ArgumentException">Outside that range, or not a number.</exception>
    public required double Utilization
    {
        get;
        init => field = Fraction(value, nameof(Utilization));
    }

    /// <summary>The hardware.</summary>
    /// <exception cref="ArgumentException">Null.</exception>
    public required HardwareUnits Hardware
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(value), "The hardware is missing.");
    }

    /// <summary>
    /// The five conditions in one line, for example
    /// <c>llama-3.1-8b · fp8 weights, bf16 LM head, fp16 KV · context 8192 · batch 8 at 65 % utilisation · 1 × NVIDIA H200</c>.
    /// </summary>
    public string Describe()
    {
        string head = Weights == LmHead ? "" : $", {LmHead} LM head";
        return $"{Model} · {Weights} weights{head}, {Kv} KV · context {ContextTokens} · "
            + $"batch {Batch} at {Percent(Utilization)} % utilisation · {Hardware}";
    }

    /// <summary>A share in percent; what is too small to be written so is not zero.</summary>
    private static string Percent(double share) => share < 5e-5 ? "less than 0.01" : $"{share * 100:0.##}";

    /// <summary>The same as <see cref="Describe"/>.</summary>
    public override string ToString() => Describe();

    private static string Text(string value, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value, name);
        return value;
    }

    private static int AtLeastOne(int value, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, name);
        return value;
    }

    private static double Fraction(double value, string name) =>
        value is > 0 and <= 1
            ? value
            : throw new ArgumentOutOfRangeException(name, value, "A fraction above 0 and at most 1 is required.");
}
