namespace GpuDecodeBench.Workload.Synthetic;

/// <summary>
/// A counter-based random generator: any value of any tensor can be had without the ones before it, on any device, in any
/// order. The mixing function is SplitMix64's finaliser (Steele, Lea, Flood, "Fast splittable pseudorandom number
/// generators", OOPSLA 2014).
/// </summary>
public static class SyntheticRandom
{
    /// <summary>The odd increment between counters, 2^64 divided by the golden ratio.</summary>
    public const ulong Increment = 0x9E3779B97F4A7C15UL;

    /// <summary>64 random bits from a counter.</summary>
    public static ulong Mix(ulong counter)
    {
        ulong z = counter + Increment;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>A seed derived from another by an index; different indices give unrelated streams.</summary>
    public static ulong Derive(ulong seed, ulong index) => Mix(Mix(seed) ^ (index * Increment));

    /// <summary>A number from 0 (included) to 1 (excluded).</summary>
    public static double Unit(ulong counter) => (Mix(counter) >> 11) * (1.0 / (1UL << 53));
}
