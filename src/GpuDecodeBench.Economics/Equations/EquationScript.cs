using System.Text;

namespace GpuDecodeBench.Economics.Equations;

/// <summary>
/// Equations as JavaScript, so that a page computes with the very text that the program computes with: there is no second copy that
/// could differ. The result is the program's up to the last digit or two, where a browser's powers and logarithms round otherwise.
/// </summary>
public static class EquationScript
{
    /// <summary>
    /// A function of an object that holds the inputs in base units under their symbols, with NaN for what is not known. It adds the
    /// symbols of all equations, in base units too, and returns the object. It needs nothing but <c>Math</c>.
    /// </summary>
    /// <param name="system">The equations.</param>
    public static string Write(EquationSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        string[] symbols = system.SymbolsBySlot;
        var text = new StringBuilder("function(s){");
        foreach ((Equation equation, _, Expression expression, _) in system.Ordered)
        {
            text.Append("s.").Append(equation.Symbol).Append('=');
            text.Append(expression.Script(slot => $"s.{symbols[slot]}")).Append(";\n");
        }

        return text.Append("return s}").ToString();
    }
}
