package filter

// The words of the list in every language, for native speakers to review. A
// conversation is "rozmowa" in Polish, "Gespräch" in German, "conversación" in
// Spanish and "диалог" in Russian; adjectives agree with these. The Polish labels
// of the columns are those of the product whose list this is.

// translation is a text in English, Polish, German, Spanish and Russian, in the
// order of labelTags.
type translation [len(labelTags)]string

// columnLabels are what stands above the columns, by key.
var columnLabels = map[string]translation{
	"number":            {"Number", "Nr", "Nr.", "N.º", "№"},
	"open_channel":      {"Open channel", "Otwarty kanał", "Offener Kanal", "Canal abierto", "Открытая линия"},
	"direction":         {"Direction", "Typ", "Richtung", "Dirección", "Направление"},
	"general":           {"Status", "Status", "Status", "Estado", "Статус"},
	"detailed":          {"Status (detailed)", "Status (szczegółowy)", "Status (detailliert)", "Estado (detallado)", "Статус (подробно)"},
	"spam":              {"Spam", "Spam", "Spam", "Spam", "Спам"},
	"source":            {"Source", "Kanał", "Kanal", "Canal", "Канал"},
	"customer":          {"Customer", "Klient", "Kunde", "Cliente", "Клиент"},
	"agent":             {"Agent", "Pracownik", "Agent", "Agente", "Оператор"},
	"links":             {"CRM records", "Rekord w CRM", "CRM-Datensätze", "Registros de CRM", "Записи CRM"},
	"site_page":         {"Site page", "Strona witryny", "Webseite", "Página del sitio", "Страница сайта"},
	"actions":           {"Actions", "Działania", "Aktionen", "Acciones", "Действия"},
	"form_submitted":    {"Form submitted", "Wysłany formularz", "Formular gesendet", "Formulario enviado", "Форма отправлена"},
	"history_requested": {"History requested", "Wysłano prośbę o historię", "Verlauf angefordert", "Historial solicitado", "Запрошена история"},
	"assigned":          {"Assigned", "Przypisano", "Zugewiesen", "Asignada", "Назначен"},
	"customer_rating":   {"Customer's rating", "Ocena klienta", "Kundenbewertung", "Valoración del cliente", "Оценка клиента"},
	"review_comment":    {"Supervisor's comment", "Komentarz przełożonego", "Kommentar des Supervisors", "Comentario del supervisor", "Комментарий супервизора"},
	"review_rating":     {"Supervisor's rating", "Ocena przełożonego", "Bewertung des Supervisors", "Valoración del supervisor", "Оценка супервизора"},
	"created_at":        {"Created", "Utworzono", "Erstellt", "Creada", "Создан"},
	"queued_at":         {"Passed to agents", "Żądanie przekazano do konsultanta", "An Agenten übergeben", "Pasada a los agentes", "Передан операторам"},
	"first_reply_at":    {"First reply", "Konsultant odpowiedział", "Erste Antwort", "Primera respuesta", "Первый ответ"},
	"accepted_at":       {"Accepted", "Konsultant zaakceptował żądanie", "Angenommen", "Aceptada", "Принят"},
	"last_message_at":   {"Last message", "Wysłanie ostatniej wiadomości", "Letzte Nachricht", "Último mensaje", "Последнее сообщение"},
	"agent_finished_at": {"Finished by agent", "Konsultant zamknął", "Vom Agenten beendet", "Finalizada por el agente", "Завершён оператором"},
	"closed_at":         {"Closed", "Zamknięto", "Geschlossen", "Cerrada", "Закрыт"},
	"modified_at":       {"Modified", "Zmodyfikowano", "Geändert", "Modificada", "Изменён"},
	"waiting_since":     {"Waiting since", "Oczekuje od", "Wartet seit", "En espera desde", "Ожидает с"},
	"first_reply_wait":  {"Wait for first reply", "Oczekiwanie na reakcję konsultanta", "Wartezeit bis zur ersten Antwort", "Espera hasta la primera respuesta", "Ожидание первого ответа"},
	"accept_time":       {"Time to acceptance", "Czas reakcji konsultanta", "Zeit bis zur Annahme", "Tiempo hasta la aceptación", "Время до принятия"},
	"agent_finish_time": {"Time to agent's finish", "Czas do zamknięcia przez konsultanta", "Zeit bis zum Beenden durch den Agenten", "Tiempo hasta la finalización por el agente", "Время до завершения оператором"},
	"duration":          {"Duration", "Czas trwania rozmowy", "Gesprächsdauer", "Duración de la conversación", "Длительность диалога"},
	"initial_reaction":  {"Initial reaction time", "Czas początkowej reakcji", "Anfängliche Reaktionszeit", "Tiempo de reacción inicial", "Время начальной реакции"},
	"bot_time":          {"Bot time", "Czas pracy chatbota", "Bearbeitungszeit des Chatbots", "Tiempo del chatbot", "Время работы чат-бота"},
	"total_reaction":    {"Total reaction time", "Łączny czas reakcji", "Gesamte Reaktionszeit", "Tiempo de reacción total", "Общее время реакции"},
	"mean_reaction":     {"Average reaction time", "Średni czas reakcji", "Durchschnittliche Reaktionszeit", "Tiempo de reacción medio", "Среднее время реакции"},
	"max_reaction":      {"Longest reaction time", "Maksymalny czas reakcji", "Längste Reaktionszeit", "Tiempo de reacción máximo", "Максимальное время реакции"},
	"message_count":     {"Number of messages", "Liczba wiadomości", "Anzahl der Nachrichten", "Número de mensajes", "Количество сообщений"},
	"participants":      {"Participating agents", "Uczestniczący pracownicy", "Beteiligte Agenten", "Agentes participantes", "Участвовавшие операторы"}, //nolint:misspell // it is Spanish
}

// fieldLabels name fields where the label of their column does not, by key.
var fieldLabels = map[string]translation{
	"open_channel":    {"Open channel's name", "Nazwa otwartego kanału", "Name des offenen Kanals", "Nombre del canal abierto", "Название открытой линии"},
	"open_channel_id": {"Open channel", "Otwarty kanał", "Offener Kanal", "Canal abierto", "Открытая линия"},
	"customer":        {"Customer's name", "Nazwa klienta", "Name des Kunden", "Nombre del cliente", "Имя клиента"},
	"customer_id":     {"Customer", "Klient", "Kunde", "Cliente", "Клиент"},
	"has_links":       {"Linked to CRM", "Powiązano z CRM", "Mit CRM verknüpft", "Vinculada al CRM", "Связан с CRM"},
	"link_kinds":      {"Kinds of CRM records", "Rodzaje rekordów w CRM", "Arten der CRM-Datensätze", "Tipos de registros de CRM", "Виды записей CRM"},
	"rated_agent":     {"Rated agent", "Oceniony pracownik", "Bewerteter Agent", "Agente valorado", "Оценённый оператор"},
}

// wordLabels are the values of closed sets: by the field's key and the stored text,
// or for every field of yes and no.
var wordLabels = map[string]translation{
	"direction incoming": {"Incoming", "Przychodząca", "Eingehend", "Entrante", "Входящий"},
	"direction outgoing": {"Outgoing", "Wychodząca", "Ausgehend", "Saliente", "Исходящий"},

	"general waiting": {"Waiting", "Oczekuje", "Wartet", "En espera", "Ожидает"},
	"general replied": {"Replied", "Odpowiedziano", "Beantwortet", "Respondida", "Отвечен"},
	"general closed":  {"Closed", "Zamknięta", "Geschlossen", "Cerrada", "Закрыт"},

	"detailed new":           {"New", "Nowa", "Neu", "Nueva", "Новый"},
	"detailed queued":        {"In queue", "W kolejce", "In der Warteschlange", "En cola", "В очереди"},
	"detailed accepted":      {"Accepted", "Przyjęta", "Angenommen", "Aceptada", "Принят"},
	"detailed waiting":       {"Waiting for a reply", "Oczekuje na odpowiedź", "Wartet auf Antwort", "En espera de respuesta", "Ожидает ответа"},
	"detailed waiting_again": {"Customer wrote again", "Klient napisał ponownie", "Kunde hat erneut geschrieben", "El cliente volvió a escribir", "Клиент написал снова"},
	"detailed replied":       {"Replied", "Odpowiedziano", "Beantwortet", "Respondida", "Отвечен"},
	"detailed closing":       {"Waiting for completion", "Oczekuje na zakończenie", "Wartet auf Abschluss", "Pendiente de cierre", "Ожидает завершения"},
	"detailed closed":        {"Closed", "Zamknięta", "Geschlossen", "Cerrada", "Закрыт"},
	"detailed spam":          {"Spam", "Spam", "Spam", "Spam", "Спам"},

	"true":  {"Yes", "Tak", "Ja", "Sí", "Да"},
	"false": {"No", "Nie", "Nein", "No", "Нет"},
}

// operatorLabels stand between a field and a value.
var operatorLabels = map[string]translation{
	"is":          {"is", "jest", "ist", "es", "равно"},
	"is_not":      {"is not", "nie jest", "ist nicht", "no es", "не равно"},
	"in":          {"is one of", "jest jednym z", "ist eines von", "es uno de", "одно из"},
	"not_in":      {"is none of", "nie jest żadnym z", "ist keines von", "no es ninguno de", "ни одно из"},
	"contains":    {"contains", "zawiera", "enthält", "contiene", "содержит"},
	"starts_with": {"starts with", "zaczyna się od", "beginnt mit", "empieza por", "начинается с"},
	"during":      {"during", "w okresie", "im Zeitraum", "durante", "за период"},
	"before":      {"before", "przed", "vor", "antes de", "до"},
	"after":       {"after", "po", "nach", "después de", "после"},
	"between":     {"between", "między", "zwischen", "entre", "между"},
	"less":        {"less than", "mniej niż", "weniger als", "menos de", "меньше чем"},
	"at_most":     {"at most", "najwyżej", "höchstens", "como máximo", "не больше чем"},
	"greater":     {"more than", "więcej niż", "mehr als", "más de", "больше чем"},
	"at_least":    {"at least", "co najmniej", "mindestens", "como mínimo", "не меньше чем"},
	"any_of":      {"has any of", "zawiera dowolne z", "enthält eines von", "incluye alguno de", "содержит любое из"},
	"all_of":      {"has all of", "zawiera wszystkie z", "enthält alle von", "incluye todos", "содержит все из"},
	"none_of":     {"has none of", "nie zawiera żadnego z", "enthält keines von", "no incluye ninguno de", "не содержит ни одного из"},
	"present":     {"has a value", "ma wartość", "hat einen Wert", "tiene valor", "указано"},
	"absent":      {"has no value", "nie ma wartości", "hat keinen Wert", "no tiene valor", "не указано"},
}

// termLabels are the values known only when a question is asked. The front end puts
// a number for {n} and one of timeLabels for {unit}.
var termLabels = map[string]translation{
	"me":              {"me", "ja", "ich", "yo", "я"},
	"today":           {"today", "dzisiaj", "heute", "hoy", "сегодня"},
	"yesterday":       {"yesterday", "wczoraj", "gestern", "ayer", "вчера"},
	"this week":       {"this week", "w tym tygodniu", "diese Woche", "esta semana", "на этой неделе"},
	"last week":       {"last week", "w zeszłym tygodniu", "letzte Woche", "la semana pasada", "на прошлой неделе"},
	"this month":      {"this month", "w tym miesiącu", "dieser Monat", "este mes", "в этом месяце"},
	"last month":      {"last month", "w zeszłym miesiącu", "letzter Monat", "el mes pasado", "в прошлом месяце"},
	"this year":       {"this year", "w tym roku", "dieses Jahr", "este año", "в этом году"},
	"last year":       {"last year", "w zeszłym roku", "letztes Jahr", "el año pasado", "в прошлом году"},
	"last {n} {unit}": {"last {n} {unit}", "ostatnie {n} {unit}", "letzte {n} {unit}", "hace menos de {n} {unit}", "последние {n} {unit}"},
	"{n} {unit} ago":  {"{n} {unit} ago", "{n} {unit} temu", "{n} {unit} zuvor", "hace {n} {unit}", "{n} {unit} назад"},
}

// timeLabels are units of time as they stand behind a number greater than four.
var timeLabels = map[string]translation{
	"second": {"seconds", "sekund", "Sekunden", "segundos", "секунд"},
	"minute": {"minutes", "minut", "Minuten", "minutos", "минут"},
	"hour":   {"hours", "godzin", "Stunden", "horas", "часов"},
	"day":    {"days", "dni", "Tage", "días", "дней"},
	"week":   {"weeks", "tygodni", "Wochen", "semanas", "недель"},
	"month":  {"months", "miesięcy", "Monate", "meses", "месяцев"},
	"year":   {"years", "lat", "Jahre", "años", "лет"},
}

// unitLabels are what values are measured in.
var unitLabels = map[string]translation{
	"ms":        {"milliseconds", "milisekundy", "Millisekunden", "milisegundos", "миллисекунды"},
	"utc":       {"date and time (UTC)", "data i godzina (UTC)", "Datum und Uhrzeit (UTC)", "fecha y hora (UTC)", "дата и время (UTC)"},
	"score_1_5": {"points, 1 to 5", "punkty, od 1 do 5", "Punkte, 1 bis 5", "puntos, de 1 a 5", "баллы, от 1 до 5"},
	"message":   {"messages", "wiadomości", "Nachrichten", "mensajes", "сообщения"},
}

// viewLabels name the built-in views, by id.
var viewLabels = map[ViewID]translation{
	"all":             {"All", "Wszystkie", "Alle", "Todas", "Все"},
	"active":          {"Active", "Aktywne", "Aktive", "Activas", "Активные"},
	"mine":            {"Mine", "Moje", "Meine", "Mías", "Мои"},
	"my_active":       {"My active", "Moje aktywne", "Meine aktiven", "Mías activas", "Мои активные"},
	"unassigned":      {"Unassigned", "Nieprzypisane", "Nicht zugewiesen", "Sin asignar", "Без оператора"},
	"waiting_longest": {"Waiting longest", "Najdłużej oczekujące", "Am längsten wartend", "Las que más esperan", "Дольше всех ждут"},
	"my_inbox":        {"My inbox", "Moja skrzynka", "Mein Posteingang", "Mi bandeja de entrada", "Мои входящие"},
}
