namespace GpuDecodeBench.Measurement.Comparison;

/// <summary>In what a difference must show before it is called one.</summary>
public enum Yardstick
{
    /// <summary>In the step's time and in its share of the read ceiling: neither a slower machine nor a faster one is taken for the program.</summary>
    Both,

    /// <summary>In the step's time alone: what was delivered, whoever is to blame.</summary>
    Time,

    /// <summary>In the share of the read ceiling alone: what was made of the memory's speed of those minutes.</summary>
    Ceiling,
}
