namespace GpuDecodeBench.Economics.Equations;

/// <summary>
/// What kind of quantity a number is, as powers of the kinds that the cost model tells apart. Two quantities can be added exactly
/// where their dimensions are equal; so a $/Mtok that forgot its tokens, or watts taken for joules, cannot be written down.
/// </summary>
/// <param name="Seconds">The power of time.</param>
/// <param name="Joules">The power of energy.</param>
/// <param name="Dollars">The power of money.</param>
/// <param name="Bytes">The power of data.</param>
/// <param name="Tokens">The power of tokens.</param>
/// <param name="Flops">The power of floating-point operations.</param>
/// <param name="Devices">The power of devices: a price for a GPU is another thing than one for a system.</param>
public readonly record struct Dimension(
    int Seconds = 0,
    int Joules = 0,
    int Dollars = 0,
    int Bytes = 0,
    int Tokens = 0,
    int Flops = 0,
    int Devices = 0
)
{
    /// <summary>A plain number.</summary>
    public static Dimension None => default;

    /// <summary>The dimension of a product.</summary>
    public static Dimension operator *(Dimension a, Dimension b) =>
        new(
            a.Seconds + b.Seconds,
            a.Joules + b.Joules,
            a.Dollars + b.Dollars,
            a.Bytes + b.Bytes,
            a.Tokens + b.Tokens,
            a.Flops + b.Flops,
            a.Devices + b.Devices
        );

    /// <summary>The dimension of a quotient.</summary>
    public static Dimension operator /(Dimension a, Dimension b) => a * b.Power(-1);

    /// <summary>The dimension of a product.</summary>
    public static Dimension Multiply(Dimension left, Dimension right) => left * right;

    /// <summary>The dimension of a quotient.</summary>
    public static Dimension Divide(Dimension left, Dimension right) => left / right;

    /// <summary>The dimension of a whole power.</summary>
    public Dimension Power(int exponent) =>
        new(
            Seconds * exponent,
            Joules * exponent,
            Dollars * exponent,
            Bytes * exponent,
            Tokens * exponent,
            Flops * exponent,
            Devices * exponent
        );

    /// <summary>The dimension in base units, for example <c>$/s/GPU</c>; <c>1</c> for a plain number.</summary>
    public override string ToString()
    {
        (string Name, int Power)[] parts =
        [
            ("$", Dollars),
            ("J", Joules),
            ("FLOP", Flops),
            ("B", Bytes),
            ("tok", Tokens),
            ("s", Seconds),
            ("GPU", Devices),
        ];
        string above = string.Join('·', parts.Where(part => part.Power > 0).Select(Write));
        IEnumerable<string> below = parts.Where(part => part.Power < 0).Select(part => Write((part.Name, -part.Power)));
        return string.Concat(below.Select(part => $"/{part}").Prepend(above.Length == 0 ? "1" : above));
    }

    private static string Write((string Name, int Power) part) =>
        part.Power == 1 ? part.Name : $"{part.Name}^{part.Power}";
}
