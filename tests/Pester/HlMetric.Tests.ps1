# Against a real Prometheus on a loopback port, which knows of one thing that is up and of one that is not there.
BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    . "$PSScriptRoot/Peer.ps1"
    $script:folder = New-Folder
    $script:missing = Get-PeerObstacle prometheus prometheus
    if ($missing) { return }
    $port = Get-FreePort
    Set-Content "$folder/prometheus.yml" @"
global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [ rules.yml ]
scrape_configs:
  - { job_name: gone, static_configs: [ { targets: [ "127.0.0.1:1" ] } ] }
"@
    Set-Content "$folder/rules.yml" @'
groups:
  - name: tests
    rules:
      # By a rule: what is scraped each second counts as down where its answer takes one.
      - { record: up, expr: vector(1), labels: { job: self } }
      - { alert: InstanceDown, expr: "up == 0", labels: { severity: critical }, annotations: { summary: "{{ $labels.job }} is down" } }
      - { alert: Waiting, expr: vector(2), for: 1h, labels: { severity: info } }
'@
    $script:peer = Open-Peer prometheus "--config.file=$folder/prometheus.yml", "--storage.tsdb.path=$folder/data", "--web.listen-address=127.0.0.1:$port" "http://127.0.0.1:$port/-/ready" $folder
    Set-Content "$folder/homelab.yaml" @"
apiVersion: homelab/v1
kind: Lab
metadata: { name: measured }
access: { interactive: monitor }
providers:
  prometheus: { url: "http://127.0.0.1:$port" }
"@
    $null = Connect-Hl "$folder/homelab.yaml"
    Wait-Until {
        "$((Get-HlMetric up).ForEach{ "$($_.Labels['job']) $($_.Value)" } | Sort-Object)" -eq 'gone 0 self 1' -and
        "$((Get-HlAlert).ForEach{ "$($_.Name) $($_.State)" } | Sort-Object)" -eq 'InstanceDown Firing Waiting Pending'
    }
}

AfterAll {
    Disconnect-Hl
    Close-Peer $peer $folder
}

Describe 'Get-HlMetric' {
    BeforeEach {
        if ($missing) { Set-ItResult -Skipped -Because $missing }
    }

    It 'asks for an expression <as>' -ForEach @(
        @{ as = 'by position'; call = { Get-HlMetric 'up == 0' } }
        @{ as = 'by parameter'; call = { Get-HlMetric -Query 'up == 0' } }
        @{ as = 'from the pipeline'; call = { 'up == 0' | Get-HlMetric } }
    ) {
        $reading = & $call
        $reading | Should -BeOfType ([Homelab.MetricReading])
        $reading.Name | Should -Be 'up'
        $reading.Value | Should -Be 0
        $reading.Labels['job'] | Should -Be 'gone'
        $reading.At | Should -BeGreaterThan ([datetimeoffset]::UtcNow.AddHours(-1))
        $reading.Points | Should -BeNullOrEmpty
    }

    It 'gives one reading for each series' {
        @(Get-HlMetric up).ForEach{ $_.Labels['job'] } | Sort-Object | Should -Be 'gone', 'self'
    }

    It 'gives all points of a time' {
        $reading = Get-HlMetric 'vector(1)' -Last 1m -Step 10s
        $reading.Points.Count | Should -Be 7
        $reading.Points[0].Value | Should -Be 1
        $reading.Points[0].At | Should -BeLessThan $reading.Points[-1].At
        @((Get-HlMetric 'vector(1)' -Last 1h).Points).Count | Should -Be 61
    }

    It 'asks for another moment' {
        Get-HlMetric up -At ([datetimeoffset]::UtcNow.AddDays(-1)) -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'finds nothing without a word' {
        Get-HlMetric nosuch -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'is a row with the value and its labels' {
        ((Get-HlMetric 'up == 0' | Out-String -Width 160) -replace '\x1b\[[0-9;]*m') | Should -Match 'Name +Value +At +Labels[\s\S]*up +0 +\S+ \S+ +.*job=gone'
    }

    It 'says what is wrong with <what>, and goes on' -ForEach @(
        @{ what = 'an expression'; call = { 'up{', 'up' | Get-HlMetric }; id = 'PrometheusQueryInvalid'; count = 2 }
        @{ what = 'a text'; call = { Get-HlMetric '"text"' }; id = 'PrometheusQueryInvalid'; count = 0 }
        @{ what = 'a step of nothing'; call = { Get-HlMetric up -Step 10s }; id = 'InputInvalid'; count = 0 }
        @{ what = 'a time without a unit'; call = { Get-HlMetric up -Last 10 }; id = 'ParameterArgumentTransformationError'; count = 0 }
    ) {
        $said = try { @(& $call 2>&1) } catch { @($_) }
        $said[0].FullyQualifiedErrorId | Should -Be "$id,Homelab.PowerShell.GetHlMetricCommand"
        $said[0].CategoryInfo.Category | Should -BeIn 'InvalidArgument', 'InvalidData'
        $said.Count - 1 | Should -Be $count
    }
}

Describe 'Get-HlAlert' {
    BeforeEach {
        if ($missing) { Set-ItResult -Skipped -Because $missing }
    }

    It 'lists what fires and what is pending' {
        $all = @(Get-HlAlert)
        $all | Should -BeOfType ([Homelab.PrometheusAlert])
        $all.ForEach{ "$($_.Name) $($_.State) $($_.Severity)" } | Sort-Object | Should -Be 'InstanceDown Firing critical', 'Waiting Pending info'
    }

    It 'takes the name <as>' -ForEach @(
        @{ as = 'by position'; call = { Get-HlAlert InstanceDown } }
        @{ as = 'by parameter'; call = { Get-HlAlert -Name InstanceDown } }
        @{ as = 'from the pipeline'; call = { 'InstanceDown' | Get-HlAlert } }
        @{ as = 'from an alert'; call = { Get-HlAlert InstanceDown | Get-HlAlert } }
        @{ as = 'as a pattern'; call = { Get-HlAlert Inst* } }
        @{ as = 'by what fires'; call = { Get-HlAlert -Firing } }
    ) {
        $alert = & $call
        $alert.Name | Should -Be 'InstanceDown'
        $alert.Summary | Should -Be 'gone is down'
        $alert.Labels['job'] | Should -Be 'gone'
        $alert.Since | Should -BeGreaterThan ([datetimeoffset]::UtcNow.AddHours(-1))
    }

    It 'finds nothing without a word: that an alert does not fire is good news' {
        Get-HlAlert nosuch -ErrorAction Stop | Should -BeNullOrEmpty
        Get-HlAlert Waiting -Firing -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'is a row that says how bad it is, and since when' {
        ((Get-HlAlert InstanceDown | Out-String -Width 160) -replace '\x1b\[[0-9;]*m') | Should -Match 'Name +State +Severity +Since +Summary[\s\S]*InstanceDown +Firing +critical +.* +gone is down'
    }
}

Describe 'A Prometheus that is not there' {
    It 'is an error of <cmdlet>: <what>' -ForEach @(
        foreach ($cmdlet in 'Get-HlMetric', 'Get-HlAlert') {
            @{ cmdlet = $cmdlet; what = 'nothing listens'; providers = 'providers: { prometheus: { url: "http://127.0.0.1:1" } }'; id = 'PrometheusUnreachable'; category = 'ResourceUnavailable' }
            @{ cmdlet = $cmdlet; what = 'the lab file names none'; providers = ''; id = 'PrometheusNotConfigured'; category = 'ObjectNotFound' }
        }
    ) {
        $file = "$folder/$([Guid]::NewGuid()).yaml"
        Set-Content $file "apiVersion: homelab/v1`nkind: Lab`nmetadata: { name: none }`n$providers"
        $null = Connect-Hl $file
        $caught = Get-Caught { & $cmdlet up }
        $caught.FullyQualifiedErrorId | Should -Be "$id,Homelab.PowerShell.$($cmdlet -replace '-')Command"
        $caught.CategoryInfo.Category | Should -Be $category
    }
}
