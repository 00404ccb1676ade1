namespace GpuDecodeBench.Measurement.Environment;

/// <summary>Guards what asks the operating system.</summary>
internal static class Attempt
{
    /// <summary>
    /// What was read, or the fallback where reading threw: a description of the machine is never worth a lost measurement.
    /// </summary>
    public static T OrElse<T>(Func<T> read, T fallback)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return fallback;
        }
    }
}
