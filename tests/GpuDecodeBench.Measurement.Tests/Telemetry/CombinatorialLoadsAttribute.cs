using System.Reflection;
using Xunit.Sdk;

namespace GpuDecodeBench.Measurement.Tests.Telemetry;

/// <summary>Every kind of load with several seeds.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CombinatorialLoadsAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) =>
        from kind in (string[])["square", "ramp", "burst"]
        from seed in (int[])[1, 2, 3]
        select new object[] { kind, seed };
}
