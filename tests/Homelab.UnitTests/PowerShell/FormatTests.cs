using System.Reflection;
using System.Text.RegularExpressions;
using Homelab.PowerShell.Formatting;

namespace Homelab.UnitTests.PowerShell;

/// <summary>The views fit their records. PowerShell says nothing of a column that fails: it shows it empty.</summary>
public sealed partial class FormatTests
{
    private const int MostColumns = 5;

    public static TheoryData<string> Names => [.. FormatFiles.Views.Select(static v => v.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_view_is_of_a_record_that_can_be_named(string name)
    {
        var type = Find(name).Type;
        Assert.NotNull(type);
        Assert.Contains(type, typeof(Cell).Assembly.GetForwardedTypes());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_record_has_its_table_before_its_list(string name) =>
        Assert.Equal([$"{Find(name).Type}.Table", $"{Find(name).Type}.List"], FormatFiles.Views.Where(v => v.Type == Find(name).Type).Select(static v => v.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_table_has_at_most_five_columns(string name) => Assert.InRange(Find(name).Columns.Count, 0, MostColumns);

    [Theory]
    [MemberData(nameof(Names))]
    public void What_a_view_calls_exists_and_takes_what_it_is_given(string name)
    {
        var view = Find(name);
        foreach (var script in view.Scripts)
        {
            var call = CallPattern().Match(script);
            Assert.True(call.Success, $"{name}: '{script}' is more than one call of Cell, Row or Report with properties of the record.");
            var given = call.Groups["argument"].Captures.Select(a => TypeOf(view, a.Value)).ToArray();
            var fits = typeof(Cell).Assembly.GetType(call.Groups["class"].Value)!
                .GetMethods(BindingFlags.Public | BindingFlags.Static)
                .Any(m => m.Name == call.Groups["method"].Value && Takes(m, given));
            Assert.True(fits, $"{name}: nothing fits '{script}'.");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_shown_as_it_is_can_hold_nothing_foreign(string name)
    {
        var view = Find(name);
        Assert.All(view.Properties, p =>
        {
            var type = Property(view, p).PropertyType;
            type = Nullable.GetUnderlyingType(type) ?? type;
            Assert.True(type.IsPrimitive || type.IsEnum, $"{name}: {p} is a {type.Name}; show it through Cell.");
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_list_leaves_nothing_out_but_what_is_no_use_to_people(string name)
    {
        var view = Find(name);
        if (view.Lines.Count == 0) return;
        string[] left = [.. view.Type!.GetProperties().Select(static p => p.Name).Except(view.Lines, StringComparer.Ordinal)];
        string[] known = view.Type.Name switch
        {
            nameof(Approval) => ["IsOpen", "Needed", "Version"],
            nameof(Decision) => ["Findings", "Decisive"],
            nameof(HealingForecast) => ["Root"],
            nameof(Incident) => ["IsOpen"],
            nameof(Runbook) => ["Source", "Throttle", "Verify", "Otherwise"],
            _ => [],
        };
        Assert.Equal(known.Order(StringComparer.Ordinal), left.Order(StringComparer.Ordinal));
    }

    private static FormatView Find(string name) => FormatFiles.Views.Single(v => v.Name == name);

    // $_ is the record; $_.Run.Status a property of one of its properties.
    private static Type TypeOf(FormatView view, string path) => path.Split('.').Skip(1).Aggregate(
        view.Type!,
        (type, name) => type.GetProperty(name)?.PropertyType ?? throw new InvalidOperationException($"{view.Name}: {type} has no {name}."));

    private static PropertyInfo Property(FormatView view, string name) =>
        view.Type!.GetProperty(name) ?? throw new InvalidOperationException($"{view.Name}: {view.Type} has no {name}.");

    // PowerShell writes any object as the text that a method wants; everything else must fit by itself.
    private static bool Takes(MethodInfo method, Type[] given) =>
        method.GetParameters() is var wanted && wanted.Length == given.Length && wanted.Zip(given).All(static p =>
            p.First.ParameterType == typeof(string) ? p.Second == typeof(string) || p.Second.IsClass && p.Second.Namespace == "Homelab"
            : p.First.ParameterType.IsAssignableFrom(p.Second) || Nullable.GetUnderlyingType(p.First.ParameterType) == p.Second);

    [GeneratedRegex(@"^\[(?<class>Homelab\.PowerShell\.Formatting\.(Cell|Row|Report))\]::(?<method>\w+)\((?<argument>\$_(\.\w+)*)(, (?<argument>\$_(\.\w+)*))*\)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex CallPattern();
}
