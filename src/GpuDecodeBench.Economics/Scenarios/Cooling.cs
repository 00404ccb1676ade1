namespace GpuDecodeBench.Economics.Scenarios;

/// <summary>How the hardware is cooled; decides what is assumed of the facility's overhead.</summary>
public enum Cooling
{
    /// <summary>Direct liquid cooling.</summary>
    Liquid,

    /// <summary>Air.</summary>
    Air,
}
