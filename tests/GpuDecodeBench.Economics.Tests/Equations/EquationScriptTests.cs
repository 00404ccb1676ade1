using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics.Tests.Equations;

/// <summary>What the script computes is tested in a browser, against the program; here is how it is written.</summary>
public sealed class EquationScriptTests
{
    [Fact]
    public void EquationsAreWrittenInTheOrderInWhichTheyAreNeededAndInBaseUnits()
    {
        // 1 kWh is 3.6e6 J, so 0.5 kWh are 1.8e6 J.
        string script = Write(
            new Equation("total", "total", "$", "tariff × (used + 0.5[kWh])"),
            new Equation("used", "used", "kWh", "power × 2[h]")
        );

        Assert.Equal("function(s){s.used=(s.power*7200);\ns.total=(s.tariff*(s.used+1800000));\nreturn s}", script);
    }

    [Theory]
    [InlineData("if(a < 2, 1, a^2)", "(c=>c!==c?c:c!==0?1:Math.pow(s.a,2))(((a,b)=>a!==a||b!==b?NaN:a<b?1:0)(s.a,2))")]
    [InlineData("max(a, 1, -a)", "Math.max(s.a,1,(-s.a))")]
    [InlineData("ln(a) - ceil(a) / 3", "(Math.log(s.a)-(Math.ceil(s.a)/3))")]
    [InlineData("if(a = 0, 1, 1 / a)", "(c=>c!==c?c:c!==0?1:(1/s.a))(((a,b)=>a!==a||b!==b?NaN:a===b?1:0)(s.a,0))")]
    public void EveryKindOfPartHasItsScript(string formula, string expected) =>
        Assert.Equal(
            $"function(s){{s.y={expected};\nreturn s}}",
            EquationScript.Write(
                EquationSystem.Create(
                    [new ModelInput("a", "a", "1", 3, ProvenanceNote.Measured())],
                    [new Equation("y", "y", "1", formula)]
                )
            )
        );

    private static string Write(params Equation[] equations) =>
        EquationScript.Write(
            EquationSystem.Create(
                [
                    new ModelInput("power", "power", "W", 100, ProvenanceNote.Measured()),
                    new ModelInput("tariff", "tariff", "$/kWh", 0.1, ProvenanceNote.Measured()),
                ],
                equations
            )
        );
}
