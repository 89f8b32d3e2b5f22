using System.Globalization;
using System.Text.Json;
using Homelab.Lab.Proxmox;

namespace Homelab.UnitTests.Lab.Proxmox;

/// <summary>Every route is one that the vendor describes, and takes and gives what the description says.</summary>
public sealed class ApiDescriptionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_route_is_described_by_the_vendor()
    {
        await using var cluster = await StartAsync();

        // The root of all paths is an index that the description leaves out.
        Assert.Empty(cluster.Routes.Where(static r => r.Template != "/" && Vendor.Find(r.Method, r.Template) is null).Select(static r => r.ToString()));
        Assert.True(cluster.Routes.Count > 150, $"Only {cluster.Routes.Count} routes.");
    }

    [Fact]
    public async Task Every_parameter_is_declared_as_the_vendor_describes_it()
    {
        await using var cluster = await StartAsync();

        var found = cluster.Routes.SelectMany(static route => Vendor.Find(route.Method, route.Template) is { } described ? Compare(route, described) : []).ToList();

        Assert.True(found.Count == 0, $"{found.Count} differences:\n{string.Join('\n', found)}");
    }

    [Fact]
    public async Task Every_route_gives_the_described_type_and_is_open_to_tokens_as_described()
    {
        await using var cluster = await StartAsync();

        var found = new List<string>();
        foreach (var route in cluster.Routes)
        {
            if (Vendor.Find(route.Method, route.Template) is not { } described) continue;
            var type = described.Returns.TryGetProperty("type", out var named) ? named.GetString() : "any";
            if (type != route.Returns && type != "any") found.Add($"{route}: described as giving {type}, declared as {route.Returns}");
            if ((described.Description.GetProperty("allowtoken").ToString() == "1") != route.AllowsToken) found.Add($"{route}: tokens");
        }

        Assert.True(found.Count == 0, $"{found.Count} differences:\n{string.Join('\n', found)}");
    }

    [Fact]
    public async Task Every_permission_is_declared_as_the_vendor_describes_it()
    {
        await using var cluster = await StartAsync();

        var found = new List<string>();
        foreach (var route in cluster.Routes)
        {
            if (Vendor.Find(route.Method, route.Template) is not { } described) continue;
            var wanted = described.Description.TryGetProperty("permissions", out var permissions) ? Permission(permissions) : "root";
            var declared = route.Permission is null ? "root" : Permission(route.Permission);
            if (wanted != declared) found.Add($"{route}: described as {wanted}, declared as {declared}");
        }

        Assert.True(found.Count == 0, $"{found.Count} differences:\n{string.Join('\n', found)}");
        // What is compared is not empty on both sides.
        Assert.Equal("(perm /vms/{vmid} VM.PowerMgmt)", Permission(Vendor.Find("POST", "/nodes/{node}/qemu/{vmid}/status/start")!.Description.GetProperty("permissions")));
    }

    private static ApiDescription Vendor => ApiDescription.Vendor!;

    private static async Task<SimulatedProxmox> StartAsync()
    {
        Assert.SkipWhen(ApiDescription.Vendor is null, VendorFiles.Absent);
        return await SimulatedProxmox.StartAsync(new SimulatedProxmoxOptions(), Cancel);
    }

    private static IEnumerable<string> Compare(SimulatedRoute route, ApiMethod described)
    {
        foreach (var parameter in route.Parameters)
        {
            if (!described.Parameters.TryGetValue(parameter.Name, out var schema))
            {
                yield return $"{route}: {parameter.Name} is not described";
                continue;
            }

            foreach (var (name, wanted, declared) in Facts(parameter, schema).Where(static f => f.Described != f.Declared)) yield return $"{route}: {parameter.Name}.{name} is described as {wanted}, declared as {declared}";
        }

        var names = route.Parameters.Select(static p => p.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, schema) in described.Parameters.Where(p => !names.Contains(p.Key))) yield return $"{route}: {name} is described{(IsOptional(schema) ? "" : " as required")}, and not declared";
    }

    private static IEnumerable<(string Name, string Described, string Declared)> Facts(SimulatedParameter parameter, JsonElement schema)
    {
        yield return ("type", Text(schema, "type", "string"), parameter.Type);
        yield return ("optional", IsOptional(schema).ToString(), parameter.Optional.ToString());
        yield return ("default", Text(schema, "default"), parameter.Default ?? "");
        yield return ("minimum", Number(schema, "minimum"), Number(parameter.Minimum));
        yield return ("maximum", Number(schema, "maximum"), Number(parameter.Maximum));
        yield return ("minLength", Number(schema, "minLength"), Number(parameter.MinLength));
        yield return ("maxLength", Number(schema, "maxLength"), Number(parameter.MaxLength));
        yield return ("pattern", Text(schema, "pattern"), parameter.Pattern ?? "");
        yield return ("enum", schema.TryGetProperty("enum", out var choices) && choices.ValueKind == JsonValueKind.Array ? string.Join(' ', choices.EnumerateArray().Select(static c => c.ToString())) : "", string.Join(' ', parameter.Enum ?? []));
        yield return ("requires", Text(schema, "requires"), parameter.Requires ?? "");
        // A format that is a schema of its own is a check here.
        if (schema.TryGetProperty("format", out var format) && format.ValueKind == JsonValueKind.String) yield return ("format", format.GetString()!, parameter.Format ?? "");
    }

    private static bool IsOptional(JsonElement schema) => Text(schema, "optional") == "1";

    private static string Text(JsonElement schema, string name, string otherwise = "") => schema.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.ToString() : otherwise;

    private static string Number(JsonElement schema, string name) => Text(schema, name) is { Length: > 0 } text ? Number(double.Parse(text, CultureInfo.InvariantCulture)) : "";

    private static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";

    // As one line, whatever the shape: (perm /vms/{vmid} VM.Audit any).
    private static string Permission(JsonElement permissions)
    {
        if (permissions.TryGetProperty("user", out var user)) return $"(user {user.GetString()})";
        return permissions.TryGetProperty("check", out var check) ? Check(check) : "root";
    }

    private static string Check(JsonElement check)
    {
        var parts = check.EnumerateArray().ToList();
        return parts[0].GetString() switch
        {
            "and" or "or" => $"({parts[0].GetString()} {string.Join(' ', parts.Skip(1).Select(Check))})",
            var kind => $"({kind} {string.Join(' ', parts.Skip(1).Select(static p => p.ValueKind == JsonValueKind.Array ? string.Join('+', p.EnumerateArray().Select(static x => x.ToString()).Distinct(StringComparer.Ordinal)) : p.ToString()).Where(static p => p != "1"))})",
        };
    }

    private static string Permission(SimulatedRights rights) => rights.Kind switch
    {
        "and" or "or" => $"({rights.Kind} {string.Join(' ', rights.Parts.Select(Permission))})",
        _ => $"({string.Join(' ', ((string[])[rights.Kind, rights.Subject, string.Join('+', rights.Privileges), rights.Any ? "any" : "", rights.RequiredParameter is { } required ? "require_param " + required : ""]).Where(static p => p.Length > 0))})",
    };
}
